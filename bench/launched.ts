import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Command, type Contender, type Scene, servedAs } from './contender';

/** Linux counts the processor time of a process in hundredths of a second. */
const TICKS = 100;

/** A process that has been started, not yet waited for. */
export class Launched {
  readonly #child: ChildProcess;
  readonly #name: string;
  #said = '';

  constructor(contender: Contender, scene: Scene) {
    const { argv, env, cwd } = contender.command?.(scene) ?? serveCommand(contender, scene);
    const [program, ...args] = argv;
    this.#name = contender.name;
    this.#child = spawn(program!, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
    });
    this.#child.on('error', (error) => (this.#said += String(error)));
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + String(bytes)).slice(-2000);
    });
  }

  /** @throws when the process has ended, with what it said last */
  check(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) return;
    throw new Error(`${this.#name} has ended (${exitCode ?? signalCode}): ${this.#said.trim()}`);
  }

  /** The most memory it has held so far, MiB; NaN where the system does not say. */
  peakMemory(): number {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(this.#of('status'))?.[1]) / 1024;
  }

  /** The processor time it has taken so far, in seconds, all its threads together; NaN where the system does not say. */
  processorTime(): number {
    const fields = this.#of('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }

  /** Ends the process and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }

  #of(file: string): string {
    try {
      return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  }
}

/** A Node in which a contender serves that is a library. */
function serveCommand(contender: Contender, scene: Scene): Command {
  return {
    argv: [
      process.execPath,
      ...process.execArgv,
      join(__dirname, 'serve.ts'),
      servedAs(contender),
      JSON.stringify(scene),
    ],
  };
}

/** A port of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
