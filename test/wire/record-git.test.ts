import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { Recorder } from 'replay-proxy';
import { needs, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';

const ENV = {
  ...process.env,
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
  ...{ no_proxy: '', NO_PROXY: '', http_proxy: '', https_proxy: '', all_proxy: '', ALL_PROXY: '' },
  ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@shop.example' },
  ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@shop.example' },
};
const git = async (cwd: string, ...args: string[]) =>
  (await promisify(execFile)('git', args, { cwd, env: ENV })).stdout;

describe('a git clone over HTTP', function () {
  this.timeout(30_000);
  let server: http.Server;

  before(function () {
    needs(this, 'git');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await stopProxies();
  });

  for (const protocol of ['smart', 'dumb'] as const) {
    for (const kind of ['har', 'mitm']) {
      it(`by the ${protocol} protocol replays from a ${kind} with its server stopped`, async function () {
        if (protocol === 'smart') needs(this, 'git', 'http-backend', '--help');
        const folder = temporaryFolder();
        await repository(folder);
        server = await serve(folder, protocol);
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop.git`;
        const clone = async (proxy: string, to: string) => {
          await git(folder, '-c', `http.proxy=${proxy}`, 'clone', '-q', url, to);
          return [
            await git(path.join(folder, to), 'log', '--format=%H %T %s'),
            await git(path.join(folder, to), 'fsck', '--strict'),
          ];
        };
        const to = path.join(folder, `clone.${kind}`);
        const recorder = await startProxy([new Recorder({ to })]);
        const recorded = await clone(recorder.proxy.url, 'first');
        assert.equal(recorded[0], await git(path.join(folder, 'work'), 'log', '--format=%H %T %s'));
        assert.equal(
          recorder.flows.some(({ request }) => request.method === 'POST'),
          protocol === 'smart',
        );
        await recorder.proxy.stop();
        server.closeAllConnections();
        server.close();

        const replay = await startProxy(replayAddons([to]));
        assert.deepEqual(await clone(replay.proxy.url, 'second'), recorded);
        assert.deepEqual([...replay.proxy.contacted], []);
        await assert.rejects(clone(replay.proxy.url, 'third'), 'everything was used');
      });
    }
  }
});

/** A repository with text, a binary file and some history, and a bare copy to serve. */
async function repository(folder: string): Promise<void> {
  const work = path.join(folder, 'work');
  await git(folder, 'init', '-q', '-b', 'main', work);
  for (let i = 0; i < 5; i += 1) {
    writeFileSync(path.join(work, 'text.txt'), `line\n`.repeat(100 * (i + 1)));
    writeFileSync(path.join(work, `binary-${i}`), Buffer.alloc(20_000, Buffer.from([i, 255, 0, 128, i * 3])));
    await git(work, 'add', '-A');
    await git(work, 'commit', '-q', '-m', `change ${i}`);
  }
  await git(folder, 'clone', '-q', '--bare', work, 'shop.git');
  await git(path.join(folder, 'shop.git'), 'update-server-info');
}

async function serve(folder: string, protocol: 'smart' | 'dumb'): Promise<http.Server> {
  const server = http.createServer(
    protocol === 'smart' ? (...both) => backend(folder, ...both) : files(folder),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Runs `git http-backend` as CGI (RFC 3875). */
function backend(folder: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname, search } = new URL(request.url!, 'http://git');
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENV,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = head.toString('latin1', 0, end).split('\r\n');
    const fields = lines.map((line): [string, string] => [line.split(': ')[0]!, line.replace(/^.*?: /, '')]);
    const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status, 10), fields.filter(([name]) => name !== 'Status').flat());
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.stdout.on('end', () => response.end());
}

function files(folder: string): http.RequestListener {
  return (request, response) => {
    const file = path.join(folder, new URL(request.url!, 'http://git').pathname);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    createReadStream(file).pipe(response.writeHead(200, { 'Content-Type': 'application/octet-stream' }));
  };
}
