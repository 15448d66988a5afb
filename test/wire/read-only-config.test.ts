import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compiledCopy } from '../support/compiled-copy';
import { RawClient } from '../support/raw-client';
import { stopProxies, temporaryFolder } from '../support/wire';

describe('the command line in a read-only folder', () => {
  afterEach(stopProxies);

  it('loads a config that imports a sibling .ts', async function () {
    this.timeout(20_000);
    const folder = path.join(temporaryFolder(), 'project');
    mkdirSync(folder);
    const files: Record<string, string> = {
      'package.json': '{}',
      'replay.config.ts': `
        import { defineConfig } from 'replay-proxy';
        import { answer } from './sibling';
        export default defineConfig({ listen: { port: 0 }, unmatched: 'kill', addons: [answer] });`,
      'sibling.ts': `
        import { HttpResponse, respond, type MitmProxy } from 'replay-proxy';
        export const answer = (proxy: MitmProxy): void => {
          proxy.hooks.request.tap('Sibling', () => respond(new HttpResponse({ body: 'from the sibling' as string })));
        };`,
    };
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(folder, name), content, { mode: 0o444 });
    chmodSync(folder, 0o555);
    const home = temporaryFolder();
    const child = spawn(process.execPath, [path.join(compiledCopy(), 'dist/src/cli/main.js')], {
      cwd: folder,
      env: { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const address = new Promise<number>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
          if (port) resolve(Number(port));
        });
      }
      child.once('exit', () => reject(new Error(said)));
    });
    const client = await RawClient.open({ host: '127.0.0.1', port: await address });
    const answer = await client
      .send(`GET http://x.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      .end();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.match(answer, /from the sibling$/);
    assert.equal(code, 0, said);
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(files).sort());
    chmodSync(folder, 0o755);
  });
});
