import { createHash, type Hash, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplayError } from '../errors';
import { Body, type BodySource } from './body';

/** Keeps the bytes of a passing body: in memory up to `limit`, beyond that in a private temporary file. */
export class BodySpool {
  readonly #limit: number;
  readonly #folder: string;
  #held: Buffer[] = [];
  #size = 0;
  #file: SpoolFile | undefined;

  constructor(limit: number, folder: string = tmpdir()) {
    this.#limit = limit;
    this.#folder = folder;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the next bytes. Throws what the file system says when the disk is full. */
  write(chunk: Buffer): void {
    this.#size += chunk.length;
    if (!this.#file && this.#size <= this.#limit) {
      this.#held.push(chunk);
      return;
    }
    this.#file ??= new SpoolFile(this.#folder);
    for (const held of this.#held.splice(0)) this.#file.write(held);
    this.#file.write(chunk);
  }

  /**
   * What was written so far, as a body that can be read again and again until `discard()`.
   * @throws ReplayError `ERR_BODY_GONE` after that, as reading it does, when the bytes were in a file.
   */
  body(): Body {
    if (this.#file) return Body.file(this.#file.source());
    if (this.#held.length > 1) this.#held = [Buffer.concat(this.#held, this.#size)];
    return Body.from(this.#held[0] ?? Body.empty);
  }

  /** Lets go of the file, if there is one; its bytes cannot be read afterwards. */
  discard(): void {
    this.#file?.close();
  }
}

/** A file without a name: it is gone with its descriptor, also when the process is killed. */
class SpoolFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #hash: Hash = createHash('sha256');
  #closed = false;

  constructor(folder: string) {
    this.#path = join(folder, `replay-proxy-${randomUUID()}`);
    this.#fd = openSync(this.#path, 'wx+', 0o600);
    this.#unlink();
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
      slice: (at, size) => this.#read(at, size),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
    this.#unlink();
  }

  #read(at: number, size: number): Buffer {
    this.#assertOpen();
    const bytes = Buffer.allocUnsafe(size);
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
