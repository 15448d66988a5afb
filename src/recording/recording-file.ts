import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { RecordingError, reasonOf } from '../errors';
import { Body, type BodySource } from '../http/body';
import { noteReader } from './being-read';

/**
 * A recording's file, open for reading wherever one likes; it stays the same file when another takes its name, and
 * until it is closed this process does not write to it.
 */
export class RecordingFile {
  /** Bytes, when it was opened. */
  readonly size: number;
  #fd: number | undefined;
  #done = (): void => {};

  /** @throws RecordingError when there is no such file, or it cannot be read. */
  constructor(readonly path: string) {
    try {
      // Before opening: to open a named pipe would wait for its other end.
      const stat = statSync(path);
      if (!stat.isFile()) throw new RecordingError(`recording ${path}: ${notAFile(stat.isDirectory())}`);
      this.#fd = openSync(path, 'r');
      this.#done = noteReader(this.#fd);
      this.size = fstatSync(this.#fd).size;
    } catch (error) {
      this.close();
      throw error instanceof RecordingError ? error : openingFailed(path, error);
    }
  }

  /**
   * Fills `target` from `offset` on as far as file and buffer go, and returns how many bytes that were.
   * @throws RecordingError when the file was closed or cannot be read.
   */
  fill(target: Buffer, offset: number): number {
    if (this.#fd === undefined) {
      throw new RecordingError(
        `recording ${this.path} was closed; its bodies can be read only while it is open`,
      );
    }
    let filled = 0;
    try {
      while (filled < target.length) {
        const read = readSync(
          this.#fd,
          target,
          filled,
          Math.min(target.length - filled, 2 ** 30),
          offset + filled,
        );
        if (read === 0) break;
        filled += read;
      }
    } catch (error) {
      throw new RecordingError(`recording ${this.path} cannot be read: ${reasonOf(error)}`, { cause: error });
    }
    return filled;
  }

  /**
   * `length` bytes from `offset` on.
   * @throws RecordingError when they are not there.
   */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (this.fill(bytes, offset) < length) {
      throw new RecordingError(`recording ${this.path} was cut short after it was opened; open it again`);
    }
    return bytes;
  }

  /** That stretch of the file as a body that is read when it is needed. */
  body(offset: number, length: number): Body {
    if (length === 0) return Body.empty;
    return Body.file(new Stretch(this, offset, length));
  }

  close(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    this.#done();
  }
}

/** One object, without functions of its own: a recording has a hundred thousand. */
class Stretch implements BodySource {
  constructor(
    private readonly file: RecordingFile,
    private readonly offset: number,
    readonly length: number,
  ) {}

  read(): Buffer {
    return this.file.read(this.offset, this.length);
  }

  slice(at: number, size: number): Buffer {
    return this.file.read(this.offset + at, size);
  }
}

function openingFailed(path: string, error: unknown): RecordingError {
  const code = (error as NodeJS.ErrnoException).code;
  const advice: Record<string, string> = {
    ENOENT: 'no such file; check its name and folder',
    EACCES: 'permission denied; make it readable for this user',
    EISDIR: notAFile(true),
  };
  return new RecordingError(`recording ${path}: ${(code && advice[code]) ?? reasonOf(error)}`, {
    cause: error,
  });
}

function notAFile(directory: boolean): string {
  return directory ? 'is a folder; name a file in it' : 'is no regular file; copy what it holds into one';
}
