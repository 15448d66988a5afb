import { createHash } from 'node:crypto';
import { ReplayError } from '../errors';
import { ReadAhead } from './read-ahead';

/** Bytes kept outside memory that can be read again and again: a spooled file, a body inside a recording. */
export interface BodySource {
  /** Bytes, when that is known without reading. */
  readonly length: number | undefined;
  /** All of it. Throws when the bytes are gone. */
  read(): Buffer;
  /**
   * `length` bytes from `offset` on, for bodies that should never be whole in memory; counts when `length` of the whole is known. `into` is
   * a buffer that they may lie in.
   */
  slice?(offset: number, length: number, into?: Buffer): Buffer;
  /** Piece by piece; by `slice` unless told. */
  chunks?(): AsyncIterable<Buffer>;
  /** SHA-256 in hex, when that is known without reading. */
  readonly digest?: string;
  /** Makes the file of the bytes the one at that path; false when it cannot, and they have to be copied. */
  readonly moveTo?: (path: string) => boolean;
}

/** Bytes that a slice of a large body has. */
const PIECE = 256 * 1024;

/** Sees what passes through a stream body. */
export interface BodyWatcher {
  chunk(bytes: Buffer): void;
  /** Called once: without an error when the body ended whole, with one when it was cut short. */
  end(error?: Error): void;
}

/** What a body can be made of; text becomes UTF-8. */
export type BodyLike = Body | Uint8Array | string;

/** What a stream body is of. */
interface Passing {
  readonly chunks: AsyncIterable<Buffer>;
  ahead: ReadAhead | undefined;
  readonly cancel: () => void;
  taken: boolean;
}

/**
 * The content of a message: in `memory`, in a `file` (both can be read again and again), or a `stream` that passes once.
 */
export class Body {
  static readonly empty = new Body(Buffer.alloc(0));

  // One of the three.
  readonly #memory: Buffer | undefined;
  readonly #source: BodySource | undefined;
  readonly #stream: Passing | undefined;
  #watchers: BodyWatcher[] | undefined;

  private constructor(memory: Buffer | undefined, source?: BodySource, stream?: Passing) {
    this.#memory = memory;
    this.#source = source;
    this.#stream = stream;
  }

  static from(init: BodyLike): Body {
    if (init instanceof Body) return init;
    if (typeof init === 'string') return new Body(Buffer.from(init, 'utf8'));
    const bytes = Buffer.isBuffer(init) ? init : Buffer.from(init.buffer, init.byteOffset, init.byteLength);
    return bytes.length === 0 ? Body.empty : new Body(bytes);
  }

  static file(source: BodySource): Body {
    return new Body(undefined, source);
  }

  /** A body that passes once. An iteration that throws is a body cut short. `cancel` lets go of its source, read or not. */
  static stream(chunks: AsyncIterable<Buffer>, cancel: () => void = () => {}): Body {
    return new Body(undefined, undefined, { chunks, ahead: undefined, cancel, taken: false });
  }

  get kind(): 'memory' | 'file' | 'stream' {
    if (this.#memory) return 'memory';
    return this.#source ? 'file' : 'stream';
  }

  /** Bytes; undefined when only reading would tell. */
  get length(): number | undefined {
    return (this.#memory ?? this.#source)?.length;
  }

  /**
   * All bytes, still in their content coding. Shared, not copied: do not write into them.
   * @throws ReplayError `ERR_BODY_STREAMED` for a stream.
   */
  bytesSync(): Buffer {
    if (this.#memory) return this.#memory;
    if (this.#source) return this.#source.read();
    throw new ReplayError(
      'this body is streamed and passes only once; read it with chunks(), or do not ask for streaming',
      { code: 'ERR_BODY_STREAMED' },
    );
  }

  /** As `bytesSync`, for callers that need not know that it is at hand. */
  async bytes(): Promise<Buffer> {
    return this.bytesSync();
  }

  /** `bytes()` read as UTF-8. */
  async text(): Promise<string> {
    return this.bytesSync().toString('utf8');
  }

  /**
   * All bytes as `bytesSync`, but piece by piece, so that a large file is never whole in memory.
   * @throws ReplayError `ERR_BODY_STREAMED` for a stream.
   */
  chunksSync(): Generator<Buffer, void, undefined> {
    return this.#pieces(false);
  }

  /** As `chunksSync`, but a piece may lie where the one before it did: for who is done with each before asking for the next. */
  passingSync(): Generator<Buffer, void, undefined> {
    return this.#pieces(true);
  }

  *#pieces(mayShare: boolean): Generator<Buffer, void, undefined> {
    const source = this.#source;
    if (source?.slice === undefined || source.length === undefined) {
      const bytes = this.bytesSync();
      if (bytes.length > 0) yield bytes;
      return;
    }
    const into = mayShare ? Buffer.allocUnsafe(Math.min(PIECE, source.length)) : undefined;
    for (let at = 0; at < source.length; at += PIECE) {
      yield source.slice(at, Math.min(PIECE, source.length - at), into);
    }
  }

  /**
   * The bytes in pieces of these lengths, what is left over as one more; a large file is never whole in memory.
   * @throws ReplayError `ERR_BODY_STREAMED` for a stream.
   */
  *cut(lengths: Iterable<number>): Generator<Buffer, void, undefined> {
    const source = this.#source;
    const total = source?.slice && source.length;
    const bytes = total === undefined ? this.bytesSync() : undefined;
    const slice = (at: number, length: number) =>
      bytes ? bytes.subarray(at, at + length) : source!.slice!(at, length);
    const end = bytes?.length ?? total ?? 0;
    let at = 0;
    for (const length of lengths) {
      const piece = Math.min(length, end - at);
      if (piece > 0) yield slice(at, piece);
      at += piece;
    }
    if (at < end) yield slice(at, end - at);
  }

  /** SHA-256 of the bytes, in hex. */
  digest(): string {
    if (this.#source?.digest) return this.#source.digest;
    const hash = createHash('sha256');
    for (const chunk of this.passingSync()) hash.update(chunk);
    return hash.digest('hex');
  }

  /**
   * Reads a stream until there are as many bytes as `needed` says of those that there are, or all; they are its `opening`, and still the
   * first of `chunks()`. Other bodies, and a stream that is being read, are left alone. Rejects when the body is cut short.
   */
  async readAhead(needed: (opening: Buffer) => number): Promise<void> {
    const stream = this.#stream;
    if (!stream || stream.taken) return;
    stream.ahead ??= new ReadAhead(stream.chunks);
    await stream.ahead.until(needed);
  }

  /** What was read ahead of a stream; undefined of other bodies. */
  get opening(): Buffer | undefined {
    return this.#stream?.ahead?.opening;
  }

  /** Keeps the bytes as the file at that path, without copying them, and gives their digest; undefined when they lie in none that is to be had. */
  moveTo(pathOf: (digest: string) => string): string | undefined {
    const { digest, moveTo } = this.#source ?? {};
    return digest !== undefined && moveTo?.(pathOf(digest)) ? digest : undefined;
  }

  /** Lets `watcher` see every chunk of a stream as it passes. Watch before the stream is read. */
  watch(watcher: BodyWatcher): void {
    (this.#watchers ??= []).push(watcher);
  }

  /** Lets go of a stream's source; nothing happens when it has been read to its end. */
  cancel(): void {
    this.#stream?.cancel();
  }

  /** The bytes piece by piece; of a stream only once. */
  chunks(): AsyncIterable<Buffer> {
    const stream = this.#stream;
    if (!stream) return this.#source?.chunks?.() ?? later(this.chunksSync());
    if (stream.taken) {
      throw new ReplayError('this body is streamed and was already read', { code: 'ERR_BODY_STREAMED' });
    }
    stream.taken = true;
    const chunks = stream.ahead ?? stream.chunks;
    return this.#watchers === undefined ? chunks : watched(chunks, this.#watchers);
  }
}

async function* later(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield chunk;
}

async function* watched(chunks: AsyncIterable<Buffer>, watchers: BodyWatcher[]): AsyncGenerator<Buffer> {
  let failure: Error | undefined = new Error('the reader left before the end');
  try {
    for await (const chunk of chunks) {
      for (const watcher of watchers) watcher.chunk(chunk);
      yield chunk;
    }
    failure = undefined;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    for (const watcher of watchers) watcher.end(failure);
  }
}
