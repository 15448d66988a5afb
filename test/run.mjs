// Runs all tests in two processes side by side: those on the wire, which mostly wait, and all others, shown once they are through.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const WIRE = 'test/wire/**/*.test.ts';

function run(args, stdio) {
  const child = spawn(process.execPath, [mocha, ...args], { stdio });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(output) }));
  });
}

const [wire, others] = await Promise.all([
  run([WIRE], 'inherit'),
  run(['test/**/*.test.ts', '--ignore', WIRE], ['ignore', 'pipe', 'pipe']),
]);
process.stdout.write(others.output);
process.exitCode = wire.code || others.code;
