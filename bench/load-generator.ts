import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { replyOf } from './reply';
import type { Load, Loaded } from './work';

/** The process that makes the load: one for the whole run, so that it is as warm for the one as for the other. */
export class LoadGenerator {
  #child: ChildProcess | undefined;

  /** @throws when a request was not answered with 200 */
  async run(load: Load): Promise<Loaded> {
    const child = (this.#child ??= fork(join(__dirname, 'load.ts')));
    child.send(load);
    const loaded = (await replyOf(child, 'the load generator')) as Loaded;
    if (loaded.failures > 0) throw new Error(`${loaded.failures} requests failed, ${loaded.answers} did not`);
    return loaded;
  }

  /** Ends the process. */
  stop(): void {
    this.#child?.disconnect();
  }
}
