// `npm run bench`: installs what is measured beside us, builds us, and runs the benchmark.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bench = dirname(fileURLToPath(import.meta.url));
const root = dirname(bench);
const shell = process.platform === 'win32';

// Not `npm ci`: it refuses a lock file without an optional dependency that a registry does not have (mockttp's tls-impersonate).
if (!isInstalled())
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], bench, shell);
run('npm', ['run', '--silent', 'build'], root, shell);
run(
  process.execPath,
  ['--require=ts-node/register/transpile-only', join(bench, 'main.ts'), ...process.argv.slice(2)],
  root,
);

/** Whether npm has put in place all that the lock file asks for. */
function isInstalled() {
  const installed = join(bench, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const has = packages(installed);
  return Object.entries(packages(join(bench, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || has[path]?.version === version,
  );
}

function run(program, args, cwd, throughShell = false) {
  const { status } = spawnSync(program, args, { cwd, stdio: 'inherit', shell: throughShell });
  if (status !== 0) process.exit(status ?? 1);
}
