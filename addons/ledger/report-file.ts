import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { ConfigError, reasonOf } from 'replay-proxy';

/** How many times as long as a write took nothing is written. */
const PAUSE_PER_WRITE = 20;
const HEAD = 4096;

/** What a report file needs from its surroundings. */
export interface ReportFileOptions {
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** Takes one line about what could not be written. */
  readonly warn: (line: string) => void;
}

/**
 * The file that a report is kept in while the proxy runs, so that one that is killed leaves what it had. It is replaced whole, as often as
 * writing takes no more than a twentieth of the time.
 */
export class ReportFile {
  readonly #path: string;
  readonly #options: ReportFileOptions;
  #timer: NodeJS.Timeout | undefined;
  #freeAt = 0;

  /** @throws ConfigError when the file holds something else than a report. */
  constructor(path: string, options: ReportFileOptions) {
    this.#path = path;
    this.#options = options;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !(stat.isFile() && (stat.size === 0 || headOf(path).includes('"replay-proxy report"'))))
      throw new ConfigError(`${path} holds something else than a report; move it away, or name another file`);
  }

  /** Writes what `make` gives, now or a little later. */
  update(make: () => unknown): void {
    if (this.#timer) return;
    const wait = this.#freeAt - this.#options.now();
    const write = () => {
      this.#timer = undefined;
      try {
        this.write(make);
      } catch (error) {
        this.#options.warn(reasonOf(error));
      }
    };
    if (wait <= 0) write();
    else this.#timer = setTimeout(write, wait);
  }

  /**
   * Writes at once.
   * @throws ConfigError when it cannot be written.
   */
  write(make: () => unknown): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { now } = this.#options;
    const start = now();
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify(make(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, this.#path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new ConfigError(`report ${this.#path} cannot be written: ${reasonOf(error)}`, { cause: error });
    }
    const end = now();
    this.#freeAt = end + (end - start) * PAUSE_PER_WRITE;
  }
}

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, HEAD, 0));
  } finally {
    closeSync(file);
  }
}
