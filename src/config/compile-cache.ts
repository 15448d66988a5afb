import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { reasonToDistrust } from './ownership';

/** The content key of a compilation: every input that may change its output goes in. */
export function cacheKey(...inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * Compiled files kept between runs, one for each source path, valid while their content key is the same. A folder that
 * cannot be read or written is silently no cache; a cached file that another user could have written is not used.
 */
export class CompileCache {
  readonly #folder: string;
  readonly #uid: number | undefined;

  constructor(folder: string, uid: number | undefined) {
    this.#folder = folder;
    this.#uid = uid;
  }

  /** The output stored for a source path under this key, or undefined. */
  read(source: string, key: string): string | undefined {
    let file: number | undefined;
    try {
      file = openSync(this.#path(source), 'r');
      if (reasonToDistrust(fstatSync(file), this.#uid)) return undefined;
      const text = readFileSync(file, 'utf8');
      return text.startsWith(`${key}\n`) ? text.slice(key.length + 1) : undefined;
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Stores an output: mode 0600 in a folder of mode 0700, whole or not at all. */
  write(source: string, key: string, output: string): void {
    const path = this.#path(source);
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, `${key}\n${output}`, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
    } catch {
      rmQuietly(temporary);
    }
  }

  #path(source: string): string {
    return join(this.#folder, `${createHash('sha256').update(source).digest('hex').slice(0, 32)}.js`);
  }
}

function rmQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the folder is not ours to write: there is nothing to remove either
  }
}
