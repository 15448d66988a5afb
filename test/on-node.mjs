// Runs the tests on another Node: `npm run test:node -- 24`. The binary comes from the npm registry, by the package of this platform.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [version, ...files] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  console.error('usage: npm run test:node -- VERSION [test files], VERSION being 22, 24 or 24.1.0');
  process.exit(2);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const platform = process.platform === 'win32' ? 'win' : process.platform;
const name = `node-${platform}-${process.arch}`;
const folder = join(root, 'node_modules', '.cache', `node-${version}`);
const node = join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-package-lock', `${name}@${version}`];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: platform === 'win' });
}

console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const { status } = spawnSync(node, [mocha, ...(files.length > 0 ? files : ['test/**/*.test.ts'])], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH },
});
process.exit(status ?? 1);
