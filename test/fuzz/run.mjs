// Runs the fuzz tests for longer: `npm run fuzz -- --runs 100000 --only har --seed 7`. Only the file of
// the name that `--only` gives runs, `socks` or `web-sockets`, or what has it in its title, `har`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50000' },
    only: { type: 'string', default: '' },
    seed: { type: 'string' },
  },
});
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const only = values.only
  .replace(/[^\w\s]/g, '\\$&')
  .replace(/[a-z]/gi, (one) => `[${one.toLowerCase()}${one.toUpperCase()}]`);
const file = `test/fuzz/${values.only}.test.ts`;
const what = existsSync(join(root, file)) ? [file] : ['--grep', only, '--fail-zero', 'test/fuzz/*.test.ts'];
const { status } = spawnSync(process.execPath, [mocha, ...what], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: values.runs, ...(values.seed && { FUZZ_SEED: values.seed }) },
});
process.exit(status ?? 1);
