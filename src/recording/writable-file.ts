import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { RecordingError } from '../errors';
import { isBeingRead } from './being-read';
import { cannotWrite } from './cannot-write';
import { lockFile, realPathOf } from './file-lock';
import { WriteFailure, writing } from './write-failure';

/** Writes bytes at a place of a file and says how many; `fs.writeSync`, or what a test puts in its place. */
export type WriteAt = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => number;

/** How a file is opened for writing. */
export interface WriteOptions {
  readonly write?: WriteAt | undefined;
  /** What is there stays where it is. */
  readonly append?: boolean;
  /** A recording of this process may be reading it; only what is appended to can be. */
  readonly whileRead?: boolean;
}

const NOTHING = Buffer.alloc(0);

/**
 * Hands `make` the file at `path`, kept from other writers and not opened yet, and lets go of it when `make` throws.
 * @throws RecordingError when it cannot be written, is being written already, or is a recording that this process reads.
 */
export function openForWriting<W>(
  path: string,
  { write = writeSync, append = false, whileRead = false }: WriteOptions,
  make: (file: WritableFile) => W,
): W {
  let file: WritableFile | undefined;
  try {
    file = new WritableFile(path, write, append && whileRead);
    return make(file);
  } catch (error) {
    file?.close();
    throw error instanceof RecordingError ? error : cannotWrite(path, error);
  }
}

/** The file of a recording that is being written. */
export class WritableFile {
  /** As the user named it. */
  readonly path: string;
  /** Without links. */
  readonly real: string;
  /** Bytes that were there before; undefined when there was no such file. */
  readonly existing: number | undefined;
  readonly #write: WriteAt;
  readonly #unlock: () => void;
  #fd = -1;
  #isOpen = true;

  constructor(path: string, write: WriteAt, mayBeRead: boolean) {
    this.path = path;
    this.#write = write;
    this.real = realPathOf(path);
    const existing = statSync(this.real, { throwIfNoEntry: false });
    if (existing && !existing.isFile())
      throw new RecordingError(`recording ${path} is no regular file; name another one`);
    if (existing && !mayBeRead && isBeingRead(existing)) {
      throw new RecordingError(
        `recording ${path} cannot be recorded to while it is replayed from; record to another file`,
      );
    }
    this.existing = existing?.size;
    this.#unlock = lockFile(this.real, path);
  }

  /** False once it was closed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws RecordingError once it was closed. */
  assertOpen(): void {
    if (!this.#isOpen)
      throw new RecordingError(`recording ${this.path} is closed; nothing more can be written`);
  }

  /** Opens what is there; when it is to begin `anew`, empty and for its owner only. */
  open(anew: boolean): void {
    this.#fd = openSync(
      this.real,
      constants.O_RDWR | constants.O_CREAT | (anew ? constants.O_TRUNC : 0),
      0o600,
    );
    if (anew) fchmodSync(this.#fd, 0o600);
  }

  /** Bytes that it has now. */
  get size(): number {
    return fstatSync(this.#fd).size;
  }

  /** As `RecordingFile.fill`. */
  fill(target: Buffer, offset: number): number {
    return readSync(this.#fd, target, 0, target.length, offset);
  }

  /**
   * All of `bytes`, in one write unless the system takes less.
   * @throws WriteFailure
   */
  write(bytes: Buffer, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const written = writing(() => this.#write(this.#fd, bytes, done, bytes.length - done, position + done));
      if (written <= 0) throw new WriteFailure(new Error('nothing more could be written'));
      done += written;
    }
  }

  /** Makes it end there. */
  truncate(size: number): void {
    ftruncateSync(this.#fd, size);
  }

  /**
   * All of `pieces` or none, and how many bytes they were: after a failure it ends with `ending` at `position` again, unless even that
   * cannot be written. Then it is repaired when it is opened the next time.
   */
  writeEnd(pieces: Iterable<Buffer>, position: number, ending: Buffer = NOTHING): number {
    let written = 0;
    try {
      for (const piece of pieces) {
        this.write(piece, position + written);
        written += piece.length;
      }
      return written;
    } catch (error) {
      try {
        writeSync(this.#fd, ending, 0, ending.length, position);
        this.truncate(position + ending.length);
      } catch {
        // The first failure is the one to tell.
      }
      throw error;
    }
  }

  /** Lets other writers have it. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
    this.#unlock();
  }
}
