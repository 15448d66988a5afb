import { randomUUID } from 'node:crypto';
import { closeSync, constants, fchmodSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { RecordingError, reasonOf } from '../errors';
import { cannotWrite } from './cannot-write';
import { lockFile, realPathOf } from './file-lock';
import { endOfRecords } from './mitmproxy-records';
import { stateOf } from './mitmproxy-state';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingWriter } from './recording';
import { RecordingFile } from './recording-file';
import { encodeTnetstring } from './tnetstring';

/** Writes bytes at a place of a file and says how many; `fs.writeSync`, or what a test puts in its place. */
export type WriteAt = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => number;

/** How a dump is opened for writing. */
export interface MitmproxyWriterOptions {
  /** Goes on behind what the file holds; without it the file begins anew. */
  readonly append: boolean;
  /** Makes the UUIDs of flows and connections. */
  readonly newId?: () => string;
  readonly write?: WriteAt;
}

/** A dump opened for writing, and what had to be done to it first. */
export interface MitmproxyWriter extends RecordingWriter {
  /** A line each, fit to print. */
  readonly warnings: readonly string[];
}

/**
 * Opens a mitmproxy dump for writing, version 21, mode 0600. Every flow is one synchronous write, so that a killed process
 * leaves whole records behind.
 * @throws RecordingError when it cannot be written, is to be continued and is no dump, or is being written by another process.
 */
export function openMitmproxyWriter(path: string, options: MitmproxyWriterOptions): MitmproxyWriter {
  let unlock: (() => void) | undefined;
  try {
    const file = realPathOf(path);
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing && !existing.isFile())
      throw new RecordingError(`recording ${path} is no regular file; name another one`);
    unlock = lockFile(file, path);
    return new RecordWriter(path, file, options, unlock);
  } catch (error) {
    unlock?.();
    if (error instanceof RecordingError) throw error;
    throw cannotWrite(path, error);
  }
}

class RecordWriter implements MitmproxyWriter {
  readonly path: string;
  readonly warnings: readonly string[];
  readonly #newId: () => string;
  readonly #write: WriteAt;
  readonly #unlock: () => void;
  readonly #fd: number;
  #size: number;
  #isOpen = true;

  constructor(path: string, file: string, options: MitmproxyWriterOptions, unlock: () => void) {
    this.path = path;
    this.#newId = options.newId ?? randomUUID;
    this.#write = options.write ?? writeSync;
    this.#unlock = unlock;
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const { size, torn } = options.append ? wholePart(file, path) : { size: 0, torn: 0 };
      this.#size = size;
      this.warnings =
        torn > 0 ? [`recording ${path}: the last ${torn} bytes are a cut-off record; dropped`] : [];
      if (!options.append) fchmodSync(this.#fd, 0o600);
      ftruncateSync(this.#fd, size);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  append(flow: RecordedFlow): void {
    if (!this.#isOpen)
      throw new RecordingError(`recording ${this.path} is closed; nothing more can be written`);
    try {
      const record = encodeTnetstring(stateOf(flow, this.#newId));
      for (let done = 0; done < record.length;) {
        const written = this.#write(this.#fd, record, done, record.length - done, this.#size + done);
        if (written <= 0) throw new RecordingError('nothing more could be written');
        done += written;
      }
      this.#size += record.length;
    } catch (error) {
      this.#cutBack();
      const what = `recording ${this.path}: a flow could not be written (${reasonOf(error)})`;
      throw new RecordingError(`${what}; the file ends with the flow before`, { cause: error });
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
    this.#unlock();
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      // Then it is cut when the file is opened the next time; the first failure is the one to tell.
    }
  }
}

// Never behind a torn record, and never into a file that is something else.
function wholePart(path: string, named: string): { size: number; torn: number } {
  const file = new RecordingFile(path);
  try {
    const { offset, cutOff } = endOfRecords(file);
    const torn = file.size - offset;
    if (torn > 0 && (!cutOff || (offset === 0 && !beginsLikeOurs(file)))) {
      const place = offset === 0 ? 'it' : `what follows byte ${offset}`;
      throw new RecordingError(`recording ${named}: ${place} is no mitmproxy dump; record into another file`);
    }
    return { size: offset, torn };
  } finally {
    file.close();
  }
}

// A first record that is not whole is cut off only when nothing but a recorder can have written it.
function beginsLikeOurs(file: RecordingFile): boolean {
  const head = file
    .read(0, Math.min(file.size, 32))
    .toString('latin1')
    .replace(/^\d+:?/, '');
  return '9:websocket;'.startsWith(head.slice(0, 12));
}
