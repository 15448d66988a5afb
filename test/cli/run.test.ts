import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Project } from '../config/project';
import { replay, RunningReplay } from './command';

const ROOT = resolve(__dirname, '../..');
const SHOP = join(ROOT, 'examples/recordings/shop.har');

async function get(
  proxy: string,
  url: string,
  origin = url,
): Promise<{ status: number; date: string | undefined }> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(proxy);
    request({ hostname, port, path: url, headers: { host: new URL(origin).host } }, (response) => {
      response.resume().on('end', () => done({ status: response.statusCode!, date: response.headers.date }));
    })
      .on('error', fail)
      .end();
  });
}

describe('a run', function () {
  this.timeout(20_000);
  let project: Project;
  let running: RunningReplay | undefined;
  beforeEach(() => void (project = new Project()));
  afterEach(() => {
    running?.child.kill('SIGKILL');
    running = undefined;
    project.remove();
  });

  it('prints a command to try that gets the recorded answer with fresh dates', async function () {
    running = new RunningReplay(ROOT);
    const [, ...words] = (await running.line(/^try: (.*)\n/m)).split(' ');
    let answer: string;
    try {
      answer = execFileSync('curl', ['-s', ...words], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return this.skip();
    }
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*<title>Shop/);
    const date = Date.parse(/^Date: (.*)\r$/m.exec(answer)?.[1] ?? '');
    assert.ok(Math.abs(Date.now() - date) < 60_000, answer);
    assert.equal(await running.stop('SIGINT'), 0);
    assert.match(running.out, /\n1 answered \(1 refreshed\), 0 forwarded, 0 killed; 8 of 9 entries left\n$/);
  });

  it('says what it replays, kills the rest, and ends well on SIGTERM', async () => {
    project.write({ 'replay.config.json': '{"unmatched":"kill"}' });
    running = new RunningReplay(project.folder, '-S', SHOP);
    const url = await running.line(/^listening on (\S+)\n/m);
    await running.line(/^config: replay\.config\.json$/m);
    await running.line(/^replaying: 9 entries from .*shop\.har$/m);
    assert.equal((await get(url, 'http://shop.example/style.css')).status, 200);
    await assert.rejects(get(url, 'http://shop.example/unheard-of'), { code: 'ECONNRESET' });
    await running.line(/killed: nothing/);
    const second = replay(project.folder, '-p', new URL(url).port);
    assert.match(second.err, /^replay: port \d+ on 127\.0\.0\.1 is in use[^\n]*\n$/);
    assert.equal(second.code, 2);
    assert.equal(await running.stop('SIGTERM'), 0);
    assert.equal(running.err, '');
  });

  it('says that -k without a recording kills everything, loads TypeScript, and has no line for flows with -q', async () => {
    project.write({
      'hello.ts': `import { HttpResponse, respond, type MitmProxy } from 'replay-proxy';
        export default (proxy: MitmProxy) => proxy.hooks.request.tap('Hello', () => respond(new HttpResponse({ status: 418 })));`,
    });
    running = new RunningReplay(project.folder, '-k', '-q', '--addon', 'hello.ts');
    const url = await running.line(/^listening on (\S+)\n/m);
    await running.line(/^-k without a recording: every request is killed$/m);
    assert.equal((await get(url, 'http://shop.example/')).status, 418);
    assert.equal(await running.stop('SIGINT'), 0);
    assert.doesNotMatch(running.out, /GET/);
    assert.match(running.out, /\n1 answered \(0 refreshed\), 0 forwarded, 0 killed\n$/);
  });

  it('records, goes on with the recording, and replays it in place of the server when that is gone', async () => {
    const server = createServer((_, response) => response.end('live'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const to of ['a.har', '+a.har']) {
        running = new RunningReplay(project.folder, '-w', to);
        const url = await running.line(/^listening on (\S+)\n/m);
        await running.line(/^recording to: a\.har$/m);
        assert.equal((await get(url, `${origin}/${encodeURIComponent(to)}`)).status, 200);
        assert.equal(await running.stop('SIGTERM'), 0);
        assert.match(running.out, /\n0 answered \(0 refreshed\), 1 forwarded, 1 recorded, 0 killed\n$/);
      }
    } finally {
      server.close().closeAllConnections();
    }
    const { log } = JSON.parse(readFileSync(project.path('a.har'), 'utf8')) as {
      log: { entries: { request: { url: string } }[]; _replay: { sealed: boolean } };
    };
    assert.deepEqual(
      log.entries.map((entry) => entry.request.url),
      [`${origin}/a.har`, `${origin}/%2Ba.har`],
    );
    assert.equal(log._replay.sealed, true);

    running = new RunningReplay(project.folder, '-S', 'a.har', '-k', '-R', origin);
    const url = await running.line(/^listening on (\S+), in place of http/m);
    assert.equal(await running.line(/^try: (.*)$/m), `curl -i ${url}/a.har`);
    assert.equal((await get(url, '/a.har', origin)).status, 200);
    assert.equal(await running.stop('SIGINT'), 0);
  });

  it('ends at once at the second signal', async () => {
    project.write({
      'slow.ts': `export default (proxy) => proxy.hooks.stop.tapPromise('Slow', () => new Promise(() => setInterval(() => {}, 1e6)));`,
    });
    running = new RunningReplay(project.folder, '--addon', 'slow.ts');
    await running.line(/^listening on/m);
    running.child.kill('SIGTERM');
    const again = setInterval(() => running?.child.kill('SIGINT'), 50);
    assert.equal(await running.stop(), 130);
    clearInterval(again);
  });
});
