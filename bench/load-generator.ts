import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Load, Loaded } from './work';

/** The process that makes the load: one for the whole run, so that it is as warm for the one as for the other. */
export class LoadGenerator {
  #child: ChildProcess | undefined;

  /** @throws when a request was not answered with 200 */
  async run(load: Load): Promise<Loaded> {
    const child = (this.#child ??= fork(join(__dirname, 'load.ts')));
    const ended = new AbortController();
    child.send(load);
    try {
      const [loaded] = (await Promise.race([
        once(child, 'message', ended),
        once(child, 'exit', ended).then(([code]) => {
          throw new Error(`the load generator ended (${code})`);
        }),
      ])) as [Loaded];
      if (loaded.failures > 0)
        throw new Error(`${loaded.failures} requests failed, ${loaded.answers} did not`);
      return loaded;
    } finally {
      ended.abort();
    }
  }

  /** Ends the process. */
  stop(): void {
    this.#child?.disconnect();
  }
}
