import { randomUUID } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, reasonOf } from 'replay-proxy';

/** How many times as long as a write took nothing is written, unless it is urgent. */
const PAUSE_PER_WRITE = 5;
/** Milliseconds of a write that nobody should have to wait for. */
const LONG = 20;
const HEAD = 4096;
const IS_REPORT = /^\s*\{\s*"kind"\s*:\s*"replay-proxy report"/;

/** What a report file needs from its surroundings. */
export interface ReportFileOptions {
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** Takes one line about what could not be written. */
  readonly warn: (line: string) => void;
}

/**
 * The file that a report is kept in while the proxy runs, so that one that is killed leaves what it had. It is replaced whole, as often as
 * writing takes no more than a sixth of the time.
 */
export class ReportFile {
  readonly #path: string;
  /** Behind links: they stay what they are. */
  readonly #real: string;
  readonly #options: ReportFileOptions;
  #timer: NodeJS.Timeout | undefined;
  /** When the last write ended, and how long it took, in milliseconds. */
  #endedAt = -Infinity;
  #took = 0;

  /** @throws ConfigError when the file holds something else than a report. */
  constructor(path: string, options: ReportFileOptions) {
    this.#path = path;
    this.#real = realPathOf(path);
    this.#options = options;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !(stat.isFile() && (stat.size === 0 || IS_REPORT.test(headOf(path)))))
      throw new ConfigError(`${path} holds something else than a report; move it away, or name another file`);
  }

  /** Writes what `make` gives, now or a little later; what is urgent sooner, unless writing takes long. */
  update(make: () => unknown, isUrgent = false): void {
    const isSoon = isUrgent && this.#took < LONG;
    const wait = this.#endedAt + this.#took * (isSoon ? 1 : PAUSE_PER_WRITE) - this.#options.now();
    if (this.#timer && !(isSoon && wait <= 0)) return;
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
    const temporary = `${this.#real}.${randomUUID()}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify(make(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, this.#real);
    } catch (error) {
      rmSync(temporary, { force: true });
      const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = isLost ? 'its folder does not exist; make it first' : reasonOf(error);
      throw new ConfigError(`report ${this.#path} cannot be written: ${why}`, { cause: error });
    }
    this.#endedAt = now();
    this.#took = this.#endedAt - start;
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
      ? resolve(dirname(path), readlinkSync(path))
      : path;
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
