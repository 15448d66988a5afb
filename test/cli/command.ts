import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledCopy } from '../support/compiled-copy';

let home: string | undefined;

function options(cwd: string) {
  if (home === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'replay-home-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    home = folder;
  }
  return { cwd, env: { PATH: process.env['PATH'], HOME: home } };
}

const script = () => join(compiledCopy(), 'dist/src/cli/main.js');

/** Runs `replay` with these arguments to its end, in a home of its own. */
export function replay(cwd: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script(), ...args], {
    ...options(cwd),
    encoding: 'utf8',
    timeout: 8_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** A proxy that the command line runs, in a home of its own. */
export class RunningReplay {
  out = '';
  err = '';
  readonly child: ChildProcess;

  constructor(cwd: string, ...args: string[]) {
    this.child = spawn(process.execPath, [script(), '-p', '0', ...args], options(cwd));
    this.child.stdout?.on('data', (text) => (this.out += String(text)));
    this.child.stderr?.on('data', (text) => (this.err += String(text)));
  }

  /** Waits for a line on standard output; gives what its first group matched. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.out);
      if (found) return found[1] ?? found[0];
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.out}${this.err}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'close')]);
    }
  }

  /** Sends signals, one after the other, and waits for the end; gives the exit code. */
  async stop(...signals: NodeJS.Signals[]): Promise<number | null> {
    const closed = once(this.child, 'close') as Promise<[number | null]>;
    for (const signal of signals) this.child.kill(signal);
    const [code] = await closed;
    return code;
  }
}
