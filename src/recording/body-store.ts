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
import { BodySpool } from '../http/body-spool';
import { bodiesFolder } from './har-attachments';
import { writing } from './write-failure';

const DIGEST = /^[0-9a-f]{64}$/;
/** What the names of bodies that are being written begin with. */
const TEMPORARY = 'incomplete';

const UNFINISHED = /^incomplete(?:-[0-9a-f-]{36})?$/;

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

  /** A place here for a passing body of which more than `held` bytes come, so that `put` need not copy it. */
  spool(held: number): BodySpool {
    const folder = () => {
      this.#ensureFolder();
      return this.#folder;
    };
    return new BodySpool(held, { folder, prefix: `${TEMPORARY}-`, isNamed: true });
  }

  /** Writes the body, piece by piece, and gives its name for `_file`; what is spooled here gets that name. When it returns, the file is whole. */
  put(body: Body): KeptBody {
    this.#ensureFolder();
    const moved = body.moveTo((digest) => join(this.#folder, digest));
    if (moved !== undefined) return { name: `${this.#name}/${moved}`, digest: moved };
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
    this.#remove((name) => DIGEST.test(name) || UNFINISHED.test(name));
  }

  /** Takes away what a killed writer left unfinished. */
  tidy(): void {
    this.#remove((name) => UNFINISHED.test(name));
  }

  #remove(isMeant: (name: string) => boolean): void {
    if (!lstatSync(this.#folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(this.#folder)) {
      if (isMeant(name)) rmSync(join(this.#folder, name), { force: true });
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
    for (const piece of body.passingSync()) {
      hash.update(piece);
      for (let done = 0; done < piece.length;) done += writing(() => writeSync(fd, piece, done));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
