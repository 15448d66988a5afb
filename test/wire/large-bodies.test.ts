import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RunningReplay } from '../cli/command';
import { openHttp2 } from '../support/http2-client';
import { listening, type TestServer } from '../support/test-server';
import { stopProxies, temporaryFolder } from '../support/wire';

/** `npm run soak` has 512 MiB at 20 MB/s, and more cases. */
const SOAK = Number(process.env['SOAK_MIB'] ?? 0);
/** From Node 24 on V8 lets twice as much garbage wait. */
const LAZY = Number.parseInt(process.versions.node, 10) >= 24 ? 2 : 1;
const SIZE = (SOAK || 96 * LAZY) * 2 ** 20;
const RATE = (SOAK ? Number(process.env['SOAK_RATE'] ?? 20) : 200) * 1e6;
/** What memory may grow by, whatever the size of a body; with less time there is less care about garbage. */
const MOST = (SOAK ? 64 : 80 * LAZY) * 2 ** 20;
const PIECE = 64 * 1024;

/** The same bytes each time, no two pieces alike. */
function* content(): Generator<Buffer> {
  const block = createHash('sha512').update('large').digest();
  for (let at = 0; at < SIZE; at += PIECE) {
    const piece = Buffer.alloc(PIECE, block);
    piece.writeUInt32BE(at / PIECE);
    yield piece;
  }
}

function digestOf(pieces: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** Reads no faster than `RATE`, and gives the digest of what came. */
async function readSlowly(source: Readable): Promise<string> {
  const hash = createHash('sha256');
  const start = performance.now();
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    const early = start + (size / RATE) * 1000 - performance.now();
    if (early > 5) await new Promise((resolve) => setTimeout(resolve, early));
  }
  return hash.digest('hex');
}

/** Resident bytes of a process; undefined where the system does not tell. */
function residentOf(pid: number): number | undefined {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return undefined;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) * 1024;
}

describe(`bodies of ${SIZE / 2 ** 20} MiB, read at ${RATE / 1e6} MB/s`, function () {
  this.timeout(60_000 + (20 * SIZE * 1000) / RATE);
  const expected = digestOf(content());
  const agent = new http.Agent();
  let origin: TestServer;
  let folder: string;

  before(async () => {
    folder = temporaryFolder();
    origin = await listening(
      http.createServer((request, response) => {
        if (request.method === 'GET') {
          response.writeHead(200, { 'content-length': request.url === '/small' ? 5 : SIZE });
          if (request.url === '/small') response.end('small');
          else pipeline(Readable.from(content(), { objectMode: false }), response).catch(() => {});
        } else {
          readSlowly(request).then(
            (digest) => response.end(digest),
            () => response.destroy(),
          );
        }
      }),
    );
  });
  after(async () => {
    agent.destroy();
    await origin.stop();
    await stopProxies();
  });

  async function ask(
    proxy: string,
    method: string,
    path: string,
    isReverse = false,
  ): Promise<http.IncomingMessage> {
    const { hostname, port } = new URL(proxy);
    const isUpload = method === 'POST';
    const headers = { host: new URL(origin.url).host, ...(isUpload && { 'content-length': SIZE }) };
    const request = http.request({
      hostname,
      port,
      method,
      path: isReverse ? path : origin.url + path,
      headers,
      agent,
    });
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
    if (isUpload)
      await pipeline(
        Readable.from(content(), { objectMode: false }),
        new Transform({
          transform: (chunk, _, done) => done(null, chunk),
        }),
        request,
      );
    else request.end();
    const [response] = await answered;
    assert.equal(response.statusCode, 200);
    return response;
  }

  const down = async (proxy: string) => readSlowly(await ask(proxy, 'GET', '/down'));
  const up = async (proxy: string) => {
    const response = await ask(proxy, 'POST', '/up');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return text;
  };

  /** Over HTTP/2, in reverse mode. */
  async function stream(proxy: string, method: 'GET' | 'POST', path: string) {
    const { hostname, port } = new URL(proxy);
    const session = await openHttp2({ host: hostname, port: Number(port) });
    const request = session.request({ ':method': method, ':path': path }, { endStream: method === 'GET' });
    request.once('close', () => session.close());
    return request;
  }
  const down2 = async (proxy: string) => readSlowly(await stream(proxy, 'GET', '/down'));
  const up2 = async (proxy: string) => {
    const request = await stream(proxy, 'POST', '/up');
    Readable.from(content(), { objectMode: false }).pipe(request);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  };

  /** Runs `replay`, and gives how much its memory grew while the bodies passed. */
  async function growth(args: string[], ...uses: ((proxy: string) => Promise<string>)[]): Promise<string> {
    const running = new RunningReplay(folder, '-q', ...args);
    const proxy = await running.line(/(http:\/\/127\.0\.0\.1:\d+)/);
    if (!args.includes('-k')) for await (const _ of await ask(proxy, 'GET', '/small', args.includes('-R')));
    const { pid } = running.child;
    const base = residentOf(pid!);
    let most = base;
    const sampling = setInterval(() => (most = Math.max(most ?? 0, residentOf(pid!) ?? 0)), 25);
    try {
      for (const use of uses) assert.equal(await use(proxy), expected);
    } finally {
      clearInterval(sampling);
      assert.equal(await running.stop('SIGTERM'), 0, running.err);
    }
    if (base === undefined || most === undefined) return 'unknown';
    const grown = most - base;
    assert.ok(grown <= MOST, `memory grew by ${Math.round(grown / 2 ** 20)} MiB`);
    return `${(grown / 2 ** 20).toFixed(0)} MiB on ${(base / 2 ** 20).toFixed(0)}`;
  }

  const tell = (what: string, grown: string) => {
    if (SOAK) console.log(`      ${what}: memory grew by ${grown}`);
  };

  it('pass down and up without filling the memory', async function () {
    if (!SOAK) return this.skip();
    tell('down', await growth([], down));
    tell('up', await growth([], up));
    tell('down over HTTP/2', await growth(['-R', origin.url], down2));
    tell('up over HTTP/2', await growth(['-R', origin.url], up2));
  });

  for (const name of SOAK ? ['large.har', 'large.mitm'] : ['large.har']) {
    it(`are recorded while they pass, each once, and replayed, in ${name}`, async () => {
      tell('recorded down and up', await growth(['-w', name], down, up));
      if (name === 'large.har') {
        const bodies = join(folder, `${name}.bodies`);
        assert.deepEqual(readdirSync(bodies), [expected]);
        assert.equal(statSync(join(bodies, expected)).size, SIZE);
      }
      tell('replayed down', await growth(['-S', name, '-k'], down));
      tell('matched up', await growth(['-S', name, '-k'], up));
    });
  }
});
