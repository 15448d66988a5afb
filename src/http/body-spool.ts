import { createHash, type Hash, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplayError } from '../errors';
import { Body, type BodySource } from './body';

/** Where a spool has its file. */
export interface SpoolPlace {
  /** Asked when the file is needed. */
  folder(): string;
  /** Its name begins so. */
  readonly prefix: string;
  /** It has its name from the start, so that `moveTo` can give it another; else it is gone with its descriptor, also when the process is killed. */
  readonly isNamed: boolean;
}

/** Chunks that are held one by one. A chunk of a byte takes hundreds, and may keep all that was read with it: more of them are copied into one. */
const MOST_LOOSE = 1024;

const TEMPORARY: SpoolPlace = { folder: tmpdir, prefix: 'replay-proxy-', isNamed: false };

/** Keeps the bytes of a passing body: in memory up to `limit`, beyond that in a private temporary file. */
export class BodySpool {
  readonly #limit: number;
  readonly #place: SpoolPlace;
  #held: Buffer[] = [];
  /** Chunks behind those, as they came. */
  #loose: Buffer[] = [];
  #size = 0;
  #file: SpoolFile | undefined;

  constructor(limit: number, place: SpoolPlace = TEMPORARY) {
    this.#limit = limit;
    this.#place = place;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the next bytes. Throws what the file system says when the disk is full. */
  write(chunk: Buffer): void {
    this.#size += chunk.length;
    if (!this.#file && this.#size <= this.#limit) {
      if (this.#loose.push(chunk) === MOST_LOOSE) this.#held.push(Buffer.concat(this.#loose.splice(0)));
      return;
    }
    this.#file ??= new SpoolFile(this.#place);
    for (const held of this.#takeHeld()) this.#file.write(held);
    this.#file.write(chunk);
  }

  /**
   * What was written so far, as a body that can be read again and again until `discard()`.
   * @throws ReplayError `ERR_BODY_GONE` after that, as reading it does, when the bytes were in a file.
   */
  body(): Body {
    if (this.#file) return Body.file(this.#file.source());
    const held = this.#takeHeld();
    this.#held = held.length > 1 ? [Buffer.concat(held, this.#size)] : held;
    return Body.from(this.#held[0] ?? Body.empty);
  }

  #takeHeld(): Buffer[] {
    return [...this.#held.splice(0), ...this.#loose.splice(0)];
  }

  /** Lets go of the file, if there is one; its bytes cannot be read afterwards. */
  discard(): void {
    this.#file?.close();
  }
}

class SpoolFile {
  readonly #path: string;
  readonly #fd: number;
  /** Nobody else has taken it. */
  #isNamed: boolean;
  readonly #hash: Hash = createHash('sha256');
  #closed = false;

  constructor({ folder, prefix, isNamed }: SpoolPlace) {
    this.#isNamed = isNamed;
    this.#path = join(folder(), prefix + randomUUID());
    this.#fd = openSync(this.#path, 'wx+', 0o600);
    if (!isNamed) this.#unlink();
  }

  write(chunk: Buffer): void {
    this.#assertOpen();
    this.#hash.update(chunk);
    for (let done = 0; done < chunk.length;) done += writeSync(this.#fd, chunk, done);
  }

  source(): BodySource {
    this.#assertOpen();
    const length = fstatSync(this.#fd).size;
    return {
      length,
      digest: this.#hash.copy().digest('hex'),
      read: () => this.#read(0, length),
      slice: (at, size, into) => this.#read(at, size, into),
      moveTo: (path) => this.#moveTo(path),
    };
  }

  #moveTo(path: string): boolean {
    if (!this.#isNamed || this.#closed) return false;
    try {
      renameSync(this.#path, path);
    } catch {
      return false;
    }
    this.#isNamed = false;
    return true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    this.#unlink();
  }

  #read(at: number, size: number, into?: Buffer): Buffer {
    this.#assertOpen();
    const bytes = into?.subarray(0, size) ?? Buffer.allocUnsafe(size);
    for (let done = 0; done < size;) {
      const count = readSync(this.#fd, bytes, done, size - done, at + done);
      if (count === 0) throw new Error('a spooled body is shorter than what was written');
      done += count;
    }
    return bytes;
  }

  /** Once it is closed, the number of its descriptor may stand for another file. */
  #assertOpen(): void {
    if (!this.#closed) return;
    throw new ReplayError('this body was let go of with its flow; read it before the flow is complete', {
      code: 'ERR_BODY_GONE',
    });
  }

  /** Windows keeps the name of an open file: there the one after closing does it. */
  #unlink(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // still open
    }
  }
}
