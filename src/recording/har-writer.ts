import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { RecordingError, reasonOf } from '../errors';
import { cannotWrite } from './cannot-write';
import { BodyStore } from './body-store';
import { lockFile, realPathOf } from './file-lock';
import { buildEntry } from './har-build';
import { CLOSING, headLine, readHead, SEAL, type HarHead } from './har-layout';
import { rewriteOnLines } from './har-rewrite';
import { findTail } from './har-tail';
import { fillable } from './line-window';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingWriter } from './recording';

/** Writes bytes at a place of a file and says how many; `fs.writeSync`, or what a test puts in its place. */
export type WriteAt = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => number;

/** How a HAR is opened for writing. */
export interface OpenHarWriterOptions {
  /** Goes on with the file if there is one; otherwise what it held is gone. */
  readonly append: boolean;
  /** Our version, for `log.creator`. */
  readonly version: string;
  readonly write?: WriteAt;
}

/** A HAR opened for writing, and what had to be done to it first. */
export interface HarWriter extends RecordingWriter {
  /** A line each, fit to print. */
  readonly warnings: readonly string[];
}

const CLOSING_BYTES = Buffer.from(CLOSING, 'utf8');

/**
 * Opens a HAR for writing, one entry a line, complete after every entry. A file of another layout is first rewritten, one that
 * a killed writer left is repaired.
 * @throws RecordingError when it cannot be written, is no HAR, or is being written by another process.
 */
export function openHarWriter(path: string, options: OpenHarWriterOptions): HarWriter {
  let unlock: (() => void) | undefined;
  try {
    const file = realPathOf(path);
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing && !existing.isFile()) throw new RecordingError(`recording ${path} is no regular file`);
    unlock = lockFile(file, path);
    return new LineWriter(
      path,
      file,
      options,
      options.append && existing !== undefined && existing.size > 0,
      unlock,
    );
  } catch (error) {
    unlock?.();
    if (error instanceof RecordingError) throw error;
    throw cannotWrite(path, error);
  }
}

class LineWriter implements HarWriter {
  readonly path: string;
  readonly warnings: string[] = [];
  readonly #fd: number;
  readonly #bodies: BodyStore;
  readonly #unlock: () => void;
  readonly #write: WriteAt;
  #head: HarHead;
  /** Where the last entry ends and the closing brackets begin. */
  #at: number;
  #isEmpty = true;
  #isOpen = true;

  constructor(
    path: string,
    file: string,
    options: OpenHarWriterOptions,
    goesOn: boolean,
    unlock: () => void,
  ) {
    this.path = path;
    this.#unlock = unlock;
    this.#write = options.write ?? writeSync;
    this.#bodies = new BodyStore(dirname(file), basename(file));
    if (goesOn && !isOurs(file)) {
      rewriteOnLines(file);
      this.warnings.push(`recording ${path} had another layout; rewritten to one entry a line`);
    }
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT | (goesOn ? 0 : constants.O_TRUNC), 0o600);
    try {
      if (!goesOn) {
        fchmodSync(this.#fd, 0o600);
        this.#bodies.clear();
        const head = headLine({
          version: '1.2',
          creator: { name: 'replay-proxy', version: options.version },
        });
        this.#put(Buffer.from(head + CLOSING, 'utf8'), 0);
      }
      const head = readHead(fillable(this.#fd));
      if (head?.sealAt === undefined)
        throw new RecordingError(`recording ${path} was changed while it was opened; try again`);
      this.#head = head;
      this.#at = this.#repair();
      this.#seal('open');
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  append(flow: RecordedFlow): void {
    if (!this.#isOpen)
      throw new RecordingError(`recording ${this.path} is closed; nothing more can be written`);
    try {
      const entry = JSON.stringify(buildEntry(flow, (bytes) => this.#bodies.put(bytes)));
      const bytes = Buffer.from(`${this.#isEmpty ? '' : ','}\n${entry}${CLOSING}`, 'utf8');
      this.#put(bytes, this.#at);
      this.#at += bytes.length - CLOSING_BYTES.length;
      this.#isEmpty = false;
    } catch (error) {
      this.#cutBack();
      throw failure(this.path, error);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#seal('closed');
    } catch (error) {
      throw failure(this.path, error);
    } finally {
      closeSync(this.#fd);
      this.#unlock();
    }
  }

  /** Makes the file end with its last whole entry, and gives the place where that ends. */
  #repair(): number {
    const { size } = fstatSync(this.#fd);
    const tail = findTail(fillable(this.#fd), this.#head, size);
    this.#isEmpty = tail.isEmpty;
    this.#put(CLOSING_BYTES, tail.at);
    ftruncateSync(this.#fd, tail.at + CLOSING_BYTES.length);
    if (tail.torn > 0) {
      this.warnings.push(
        `recording ${this.path}: the last entry was cut off, as by a killed writer; its ${tail.torn} bytes are dropped`,
      );
    }
    return tail.at;
  }

  /** After a failed write: the closing brackets go back over what was begun; their bytes are on the disk already. */
  #cutBack(): void {
    try {
      writeSync(this.#fd, CLOSING_BYTES, 0, CLOSING_BYTES.length, this.#at);
      ftruncateSync(this.#fd, this.#at + CLOSING_BYTES.length);
    } catch {
      // Then the file is repaired when it is opened the next time; the first failure is the one to tell.
    }
  }

  #seal(state: keyof typeof SEAL): void {
    const bytes = Buffer.from(SEAL[state], 'latin1');
    if (this.#head.sealAt !== undefined) this.#put(bytes, this.#head.sealAt);
  }

  /** In one write, unless the system takes less. */
  #put(bytes: Buffer, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const written = this.#write(this.#fd, bytes, done, bytes.length - done, position + done);
      if (written <= 0) throw new RecordingError('nothing more could be written');
      done += written;
    }
  }
}

function isOurs(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    return readHead(fillable(fd))?.sealAt !== undefined;
  } finally {
    closeSync(fd);
  }
}

function failure(path: string, error: unknown): RecordingError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');
  return new RecordingError(
    `recording ${path}: an entry could not be written (${full ? 'no space left' : reasonOf(error)}); ` +
      `the file ends with the entry before${full ? '; make room' : ''}`,
    { cause: error },
  );
}
