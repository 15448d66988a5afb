import { createServer } from 'node:http';
import { getLocal } from 'mockttp';
import { Proxy } from 'http-mitm-proxy';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { Agent, request as ask } from 'undici';
import type { Contender } from '../contender';
import { packageVersion } from '../package-version';
import { mitmdump } from './mitmdump';
import { replayCommand, replayProxy } from './replay-proxy';

/** The least that forwards: Node's server, and undici with connections that stay open. */
const bareProxy: Contender = {
  name: 'node:http and undici',
  version: () => `${process.versions.node}, ${packageVersion('undici')}`,
  forwards: true,
  serve: async ({ port }) => {
    const dispatcher = new Agent({ connections: 64 });
    const server = createServer((request, response) => {
      const { connection: _, 'proxy-connection': __, ...headers } = request.headers;
      ask(request.url!, { dispatcher, method: 'GET', headers, responseHeaders: 'raw' }).then(
        ({ statusCode, headers: fields, body }) => {
          response.sendDate = false;
          response.writeHead(statusCode, withoutConnection(fields as unknown as string[]));
          pipeline(body, response, () => {});
        },
        (error: Error) => response.writeHead(502).end(error.message),
      );
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  },
};

function withoutConnection(fields: readonly string[]): string[] {
  return fields.filter((_, at) => !/^(connection|keep-alive)$/i.test(fields[at - (at % 2)]!));
}

const forwardingMitmProxy: Contender = {
  name: 'http-mitm-proxy',
  version: () => packageVersion('http-mitm-proxy'),
  forwards: true,
  serve: async ({ port, home }) => {
    const proxy = new Proxy();
    proxy.onError((_context, error) => console.error(error));
    const options = { port, host: '127.0.0.1', sslCaDir: join(home, 'ca'), keepAlive: true };
    await new Promise<void>((resolve, reject) =>
      proxy.listen(options, (error?: Error | null) => (error ? reject(error) : resolve())),
    );
  },
};

const forwardingMockttp: Contender = {
  name: 'mockttp',
  version: () => packageVersion('mockttp'),
  forwards: true,
  serve: async ({ port }) => {
    const server = getLocal({ recordTraffic: false });
    await server.start(port);
    await server.forAnyRequest().always().thenPassThrough();
  },
};

const ours: Contender = {
  name: 'replay-proxy',
  version: replayProxy.version,
  forwards: true,
  command: (scene) => replayCommand(scene, ['--no-config']),
};

const oursRecording: Contender = {
  ...ours,
  name: 'replay-proxy, recording',
  command: (scene) => replayCommand(scene, ['--no-config', '--record', join(scene.home, 'forwarded.har')]),
};

const forwardingMitmdump: Contender = {
  name: 'mitmdump',
  version: mitmdump.version,
  forwards: true,
  command: ({ port, home }) => ({ argv: mitmdumpArgs(port, home) }),
};

const recordingMitmdump: Contender = {
  ...forwardingMitmdump,
  name: 'mitmdump, recording',
  command: ({ port, home }) => ({
    argv: [...mitmdumpArgs(port, home), '--save-stream-file', join(home, 'forwarded.mitm')],
  }),
};

function mitmdumpArgs(port: number, home: string): string[] {
  return [
    ...['mitmdump', '--quiet', '--listen-host', '127.0.0.1', '--listen-port', String(port)],
    ...['--set', `confdir=${join(home, 'mitmproxy')}`],
  ];
}

/** Who forwards, and records what was forwarded. */
export const FORWARDING: readonly Contender[] = [
  bareProxy,
  ours,
  oursRecording,
  forwardingMitmProxy,
  forwardingMockttp,
  forwardingMitmdump,
  recordingMitmdump,
];
