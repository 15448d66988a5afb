import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compiledCopy } from '../support/compiled-copy';
import { replay } from './command';

const ROOT = resolve(__dirname, '../..');
const SHOP = join(ROOT, 'examples/recordings/shop.har');

describe('replay', function () {
  this.timeout(20_000);

  it('tells its version and its flags', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(replay(tmpdir(), '--version'), { code: 0, out: `${version}\n`, err: '' });
    const { code, out } = replay(tmpdir(), '--help');
    assert.equal(code, 0);
    assert.match(out, /Replay:\n +-S, --server-replay <file>[^]*Examples:\n/);
  });

  it('does without a home', () => {
    const noHome = `require('node:os').homedir = () => { throw new Error('no home') };
      process.argv.push('--version'); require(process.argv[1]);`;
    const main = join(compiledCopy(), 'dist/src/cli/main.js');
    assert.match(
      execFileSync(process.execPath, ['-e', noHome, main], { encoding: 'utf8' }),
      /^\d+\.\d+\.\d+/,
    );
  });

  it('says what an addon imports that is not there, as built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-main-'));
    writeFileSync(join(folder, 'bad.ts'), `import './nowhere';`);
    const main = join(compiledCopy(), 'dist/src/cli/main.js');
    const { stderr } = spawnSync(process.execPath, [main, '--no-config', '--addon', 'bad.ts', '-p', '0'], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    assert.match(stderr, /bad\.ts:1:8: cannot find '\.\/nowhere'/);
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
