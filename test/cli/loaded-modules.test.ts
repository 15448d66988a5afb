import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { basename, join, relative } from 'node:path';
import { Project } from '../config/project';
import { compiledCopy } from '../support/compiled-copy';

const SHOP = join(__dirname, '../../examples/recordings/shop.har');

/** What a run that only replays can do without: a start waits for each file. */
const PACKAGES = /node_modules.(zod|undici|typescript.lib|ts-node|cli-progress|fzstd)\b/;
const OWN = [
  ...['lint-recording', 'recorder', 'har-writer', 'mitmproxy-reader', 'mitmproxy-writer', 'redact-body'],
  ...['upstream', 'http2-connections', 'socks-server', 'connect', 'protocol-switch', 'switch-exchange'],
  ...['serve', 'explain', 'report-file', 'check-config', 'ts-node-service'],
];

/** The command line, in a process that tells what it has loaded. */
const RUN = `
  process.once('message', () => process.send(Object.keys(require.cache)));
  require(process.argv[1]);`;

describe('a start', () => {
  let project: Project;
  let child: ChildProcess | undefined;
  beforeEach(() => (project = new Project()));
  afterEach(() => {
    child?.kill('SIGKILL');
    project.remove();
  });

  /** What was loaded when the first answer had come. */
  async function loadedFor(...args: string[]): Promise<string[]> {
    const main = join(compiledCopy(), 'dist/src/cli/main.js');
    child = spawn(process.execPath, ['-e', RUN, main, '-p', '0', ...args], {
      cwd: project.folder,
      env: { PATH: process.env['PATH'], HOME: project.folder },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let out = '';
    for await (const text of child.stdout!) {
      out += String(text);
      if (/^try: /m.test(out)) break;
    }
    assert.equal(await ask(/^listening on (.*)$/m.exec(out)![1]!), 200);
    child.send('tell');
    const [files] = (await once(child, 'message')) as [string[]];
    return files.map((file) => relative(compiledCopy(), file));
  }

  it('loads only what replaying needs', async () => {
    assert.deepEqual(needlessOf(await loadedFor('--no-config', '-S', SHOP, '-k')), []);
  });

  it('loads no compiler for a config that was compiled before', async () => {
    const config = `export default { replay: { from: [${JSON.stringify(SHOP)}] }, unmatched: 'kill' };`;
    project.write({ 'replay.config.ts': config });
    const first = await loadedFor();
    assert.ok(first.some((file) => file.includes('typescript')));
    child?.kill();
    assert.deepEqual(needlessOf(await loadedFor()), []);
  });
});

function needlessOf(files: readonly string[]): string[] {
  const isOwn = (file: string) => file.startsWith('dist') && OWN.includes(basename(file, '.js'));
  return files.filter((file) => isOwn(file) || PACKAGES.test(file));
}

function ask(proxy: string): Promise<number | undefined> {
  const { hostname, port } = new URL(proxy);
  return new Promise((resolve, reject) => {
    request(
      { host: hostname, port, path: 'http://shop.example/', headers: { Host: 'shop.example' } },
      ({ statusCode }) => resolve(statusCode),
    )
      .on('error', reject)
      .end();
  });
}
