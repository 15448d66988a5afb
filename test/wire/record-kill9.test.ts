import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { openRecording } from 'replay-proxy';
import { compiledCopy } from '../support/compiled-copy';
import { sharedAuthorityFolder } from '../support/temp';
import { stopProxies, temporaryFolder } from '../support/wire';

const ROUNDS = 10;
const CLIENTS = 8;
const CHILD = `
  const { MitmProxy, Recorder } = require('replay-proxy');
  const [to, authority] = process.argv.slice(1);
  const proxy = new MitmProxy({ listen: { port: 0 }, authority }).use(new Recorder({ to, append: true }));
  proxy.start().then(() => process.stdout.write(new URL(proxy.url).port + '\\n'));
`;

describe('a recording proxy that is killed under load', function () {
  this.timeout(60_000);
  let origin: http.Server;

  before(async () => {
    compiledCopy();
    origin = http.createServer(serve).listen(0, '127.0.0.1');
    await once(origin, 'listening');
  });
  after(async () => {
    origin.closeAllConnections();
    const closed = once(origin, 'close');
    origin.close();
    await closed;
    await stopProxies();
  });

  it(`leaves every exchange whose end a client saw, and goes on, ${ROUNDS} times as HAR and ${ROUNDS} as dump`, async () => {
    const folder = temporaryFolder();
    await Promise.all(['har', 'mitm'].map((kind) => killAgainAndAgain(path.join(folder, `load.${kind}`))));
  });

  async function killAgainAndAgain(to: string): Promise<void> {
    const base = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    let recorded = 0;
    const seen: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = spawn(process.execPath, ['-e', CHILD, to, sharedAuthorityFolder()], {
        cwd: compiledCopy(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = buffer(child.stderr);
      const delay = Math.floor(Math.random() * 250);
      const ends = await loadUntilKilled(child, `${base}/${path.extname(to)}/${round}`, delay);
      const about = `${to}, round ${round}, killed after ${delay} ms, said ${(await said).toString()}`;
      assert.doesNotMatch((await said).toString(), /Error/, about);
      seen.push(...ends);

      const recording = await openRecording(to);
      assert.ok(recording.warnings.length <= 1, `${recording.warnings.join('\n')} ${about}`);
      const flows = new Map(recording.flows.map((flow) => [flow.request.url, flow]));
      for (const url of seen) {
        const flow = flows.get(url);
        assert.ok(flow?.response && !flow.incomplete && !flow.error, `${url} is missing; ${about}`);
        assert.ok(flow.response.body.bytesSync().equals(contentOf(new URL(url).pathname)), `${url} ${about}`);
      }
      assert.ok(recording.flows.length >= recorded, about);
      recorded = recording.flows.length;
      recording.close();
    }
    assert.ok(seen.length > ROUNDS, `only ${seen.length} exchanges in all`);
  }
});

/** Asks on all connections at once, kills the proxy `delay` milliseconds after its first answer, and says which ends came. */
async function loadUntilKilled(child: ChildProcess, base: string, delay: number): Promise<string[]> {
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([once(child.stdout!, 'data'), exited])) as unknown[];
  assert.ok(Buffer.isBuffer(line), 'the proxy came up');
  const port = Number(line.toString());
  const ends: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const agent = new http.Agent({ keepAlive: true });
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = 0; ; n += 1) {
      const url = `${base}/${client}/${n}`;
      try {
        const asked = http.get({ host: '127.0.0.1', port, path: url, agent });
        const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
        await buffer(answer);
        if (answer.complete) ends.push(url);
        timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
      } catch {
        return;
      }
    }
  });
  await Promise.all(clients);
  await exited;
  agent.destroy();
  return ends;
}

/** Short and long, text and not, one in forty too large for an entry of a HAR. */
function contentOf(pathname: string): Buffer {
  const n = Number(pathname.split('/').at(-1));
  if (n % 40 === 9) return Buffer.alloc(1024 * 1024 + n + 1, pathname);
  if (n % 3 === 0) return gzipSync(pathname);
  return Buffer.alloc((n * 7919) % 20_000, pathname);
}

function serve(request: http.IncomingMessage, response: http.ServerResponse): void {
  const content = contentOf(new URL(request.url!, 'http://origin').pathname);
  const n = Number(request.url!.split('/').at(-1));
  if (n % 4 !== 1) return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end(content);
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(content.subarray(0, 1000));
  setImmediate(() => response.end(content.subarray(1000)));
}
