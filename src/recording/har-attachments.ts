import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve, sep } from 'node:path';
import { RecordingError, reasonOf } from '../errors';
import { quoted } from './json-value';

/** A body that lies in a file beside the recording. */
export interface Attachment {
  /** Bytes. */
  readonly length: number;
  /** @throws RecordingError when the file is gone. */
  read(): Buffer;
  /**
   * `length` bytes from `offset` on, in `into` if there is such a buffer.
   * @throws RecordingError when they are gone.
   */
  slice(offset: number, length: number, into?: Buffer): Buffer;
}

/** The folder that attachments of our own recordings go to, as their names in the recording begin. */
export function bodiesFolder(recording: string): string {
  return `${basename(recording)}.bodies`;
}

/** Finds the attachments that a recording names (`_file`), and none outside the folder that the recording lies in. */
export class Attachments {
  readonly #recording: string;
  readonly #folder: string;

  constructor(recording: string) {
    this.#recording = recording;
    this.#folder = realpathSync(dirname(realpathSync(recording)));
  }

  /** @throws RecordingError, without the name of the recording, when there is no such file or it lies elsewhere. */
  find(name: string): Attachment {
    const file = this.#resolve(name);
    const stats = statSync(file);
    if (!stats.isFile()) throw new RecordingError(`attachment ${quoted(name)} is no regular file`);
    return {
      length: stats.size,
      read: () => this.#reading(name, () => readFileSync(file)),
      slice: (offset, length, into) => this.#reading(name, () => readSlice(file, offset, length, into)),
    };
  }

  #reading(name: string, read: () => Buffer): Buffer {
    try {
      return read();
    } catch (error) {
      throw new RecordingError(
        `recording ${this.#recording}: attachment ${quoted(name)} cannot be read any more (${reasonOf(error)}); put it back`,
        { cause: error },
      );
    }
  }

  #resolve(name: string): string {
    const outside = new RecordingError(
      `attachment ${quoted(name)} lies outside the recording's folder; not read`,
    );
    if (name === '' || name.includes('\0') || isAbsolute(name) || /^[a-z]:|^[\\/]/i.test(name)) throw outside;
    if (name.split(/[\\/]/).includes('..')) throw outside;
    let file: string;
    try {
      file = realpathSync(resolve(this.#folder, name));
    } catch {
      throw new RecordingError(`attachment ${quoted(name)} is not there`);
    }
    // The real path, since a link inside the folder may lead out of it.
    if (!file.startsWith(this.#folder.endsWith(sep) ? this.#folder : this.#folder + sep)) throw outside;
    return file;
  }
}

function readSlice(file: string, offset: number, length: number, into?: Buffer): Buffer {
  const bytes = into?.subarray(0, length) ?? Buffer.allocUnsafe(length);
  const fd = openSync(file, 'r');
  try {
    for (let done = 0; done < length;) {
      const count = readSync(fd, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error('it is shorter than it was');
      done += count;
    }
  } finally {
    closeSync(fd);
  }
  return bytes;
}
