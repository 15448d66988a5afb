import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { compiledCopy } from '../support/compiled-copy';
import { Project } from '../config/project';
import { replay, RunningReplay } from './command';

const ROOT = resolve(__dirname, '../..');
const SHOP = join(ROOT, 'examples/recordings/shop.har');

async function get(proxy: string, url: string): Promise<{ status: number; date: string | undefined }> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(proxy);
    request({ hostname, port, path: url, headers: { host: new URL(url).host } }, (response) => {
      response.resume().on('end', () => done({ status: response.statusCode!, date: response.headers.date }));
    })
      .on('error', fail)
      .end();
  });
}

describe('replay', function () {
  this.timeout(20_000);
  let project: Project;
  let running: RunningReplay | undefined;
  beforeEach(() => void (project = new Project()));
  afterEach(() => {
    running?.child.kill('SIGKILL');
    running = undefined;
    project.remove();
  });

  it('tells its version and its flags', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(replay(project.folder, '--version'), { code: 0, out: `${version}\n`, err: '' });
    const { code, out } = replay(project.folder, '--help');
    assert.equal(code, 0);
    assert.match(out, /Replay:\n +-S, --server-replay <file>[^]*Examples:\n/);
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

  it('shows and converts recordings', () => {
    assert.deepEqual(replay(project.folder, 'convert', SHOP, 'shop.mitm'), {
      code: 0,
      out: '9 exchanges written to shop.mitm\n',
      err: '',
    });
    const { out } = replay(project.folder, 'show', 'shop.mitm');
    assert.match(out, /^1 GET http:\/\/shop\.example\/ 200 148 B \d+ ms\n2 GET /);
    assert.equal(out.split('\n').length, 10);
    const missing = replay(project.folder, 'show', 'shop.mitm', '10');
    assert.deepEqual(missing, {
      code: 2,
      out: '',
      err: 'replay: recording shop.mitm has no exchange 10; there are 1 to 9\n',
    });
  });

  it('is quiet when its reader has gone', () => {
    const main = join(compiledCopy(), 'dist/src/cli/main.js');
    const command = `"${process.execPath}" "${main}" show --json "${SHOP}" | true; echo "\${PIPESTATUS[0]}"`;
    const [code, ...rest] = execFileSync('bash', ['-c', `( ${command} ) 2>&1`], { encoding: 'utf8' }).split(
      '\n',
    );
    assert.deepEqual([code, ...rest], ['0', '']);
  });
});
