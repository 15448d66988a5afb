import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from './private-file';

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
    const text = readPrivateFile(this.#path(source), this.#uid)?.toString();
    return text?.startsWith(`${key}\n`) ? text.slice(key.length + 1) : undefined;
  }

  /** Stores an output: private, whole or not at all. */
  write(source: string, key: string, output: string): void {
    writePrivateFile(this.#path(source), `${key}\n${output}`);
  }

  #path(source: string): string {
    return join(this.#folder, `${createHash('sha256').update(source).digest('hex').slice(0, 32)}.js`);
  }
}
