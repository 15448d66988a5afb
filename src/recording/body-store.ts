import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingError } from '../errors';
import { bodiesFolder } from './har-attachments';
import { digestOf } from './har-body';
import { writing } from './write-failure';

const DIGEST = /^[0-9a-f]{64}$/;

/** Large bodies in files of their own beside a recording, named by their SHA-256; equal bodies share one file. */
export class BodyStore {
  readonly #folder: string;
  readonly #name: string;

  /** @param folder that the recording lies in, and `file`, its name there. */
  constructor(folder: string, file: string) {
    this.#name = bodiesFolder(file);
    this.#folder = join(folder, this.#name);
  }

  /** Writes the bytes and gives the name for `_file`. When it returns, the file is whole. */
  put(bytes: Buffer): string {
    const digest = digestOf(bytes);
    const file = join(this.#folder, digest);
    this.#ensureFolder();
    if (statSync(file, { throwIfNoEntry: false })?.size !== bytes.length) {
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        writing(() => writeFileSync(temporary, bytes, { mode: 0o600 }));
        writing(() => renameSync(temporary, file));
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    }
    return `${this.#name}/${digest}`;
  }

  /** Takes away the bodies of a recording that is written anew. Files of other names stay. */
  clear(): void {
    if (!lstatSync(this.#folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(this.#folder)) {
      if (DIGEST.test(name)) rmSync(join(this.#folder, name), { force: true });
    }
  }

  #ensureFolder(): void {
    writing(() => mkdirSync(this.#folder, { recursive: true, mode: 0o700 }));
    // A link here would send the bodies to a place that nobody named.
    if (!lstatSync(this.#folder).isDirectory()) {
      throw new RecordingError(`${this.#folder} is no folder; bodies cannot be stored there, move it away`);
    }
  }
}
