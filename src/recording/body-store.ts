import { createHash } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { RecordingError } from '../errors';
import type { Body } from '../http/body';
import { bodiesFolder } from './har-attachments';
import { writing } from './write-failure';

const DIGEST = /^[0-9a-f]{64}$/;
/** A body that is being written; a recording has one writer, so that one name will do. */
const TEMPORARY = 'incomplete';

/** A body that has a file of its own. */
export interface KeptBody {
  /** For `_file`. */
  readonly name: string;
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** Large bodies in files of their own beside a recording, named by their SHA-256; equal bodies share one file. */
export class BodyStore {
  readonly #folder: string;
  readonly #name: string;

  /** @param folder that the recording lies in, and `file`, its name there. */
  constructor(folder: string, file: string) {
    this.#name = bodiesFolder(file);
    this.#folder = join(folder, this.#name);
  }

  /** Writes the body, piece by piece, and gives its name for `_file`. When it returns, the file is whole. */
  put(body: Body): KeptBody {
    this.#ensureFolder();
    const temporary = join(this.#folder, TEMPORARY);
    try {
      const digest = copy(body, temporary);
      writing(() => renameSync(temporary, join(this.#folder, digest)));
      return { name: `${this.#name}/${digest}`, digest };
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Takes away the bodies of a recording that is written anew. Files of other names stay. */
  clear(): void {
    if (!lstatSync(this.#folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(this.#folder)) {
      if (DIGEST.test(name) || name === TEMPORARY) rmSync(join(this.#folder, name), { force: true });
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

/** The digest of what was written to the new file. */
function copy(body: Body, file: string): string {
  const hash = createHash('sha256');
  const fd = writing(() => {
    rmSync(file, { force: true });
    return openSync(file, 'wx', 0o600);
  });
  try {
    for (const piece of body.chunksSync()) {
      hash.update(piece);
      for (let done = 0; done < piece.length;) done += writing(() => writeSync(fd, piece, done));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
