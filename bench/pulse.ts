import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { replyOf } from './reply';

/** Asks a server over and over, in a process of its own that does nothing else: how long it is kept waiting tells how long the server stalls. */
export class Pulse {
  readonly #child: ChildProcess;

  /** On one connection to the proxy at `port`, for a recorded answer of `host`. */
  constructor(port: number, host: string, path: string) {
    this.#child = fork(join(__dirname, 'pulse-process.ts'), [String(port), host, path]);
  }

  /** Milliseconds of the longest wait while `during` goes on. */
  async longest(during: () => Promise<void>): Promise<number> {
    await this.#ask();
    await during();
    return this.#ask();
  }

  stop(): void {
    this.#child.disconnect();
  }

  /** The longest wait since it was asked before. */
  async #ask(): Promise<number> {
    this.#child.send('how long');
    return (await replyOf(this.#child, 'the pulse')) as number;
  }
}
