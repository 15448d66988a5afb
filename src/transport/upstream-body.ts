/** What waits when the source is told to pause, and when it may go on. A part has its price however short it is. */
const FULL = { bytes: 256 * 1024, parts: 1024 };
const LOW = { bytes: 64 * 1024, parts: 256 };

/** The source of a body queue. */
export interface BodyQueueSource {
  pause(): void;
  resume(): void;
  /** The reader has no use for the rest. */
  leave(): void;
  /** A reader has waited for the time that was allowed. */
  silent(): void;
}

/** A body on its way from a source that pushes to a reader who pulls; it holds no more than about 256 KiB. */
export class BodyQueue implements AsyncIterableIterator<Buffer> {
  readonly #source: BodyQueueSource;
  /** Milliseconds that a reader waits for the next part; 0 for as long as it takes. */
  readonly #patience: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #paused = false;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(source: BodyQueueSource, patience: number) {
    this.#source = source;
    this.#patience = patience;
  }

  /** One more part. */
  push(chunk: Buffer): void {
    if (this.#ended) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (!this.#paused && (this.#size >= FULL.bytes || this.#chunks.length >= FULL.parts)) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#wake?.();
  }

  /** No more parts: the body is whole, or with an error cut short. What was pushed before can still be read. */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  /** Ends without reading on; parts that wait are dropped, and a reader who waits is told that the body was cut short. */
  cancel(): void {
    if (this.#ended && this.#chunks.length === 0) return;
    this.#chunks.length = 0;
    this.#failure ??= new Error('the body was let go before its end');
    if (this.#ended) return;
    this.end(this.#failure);
    this.#source.leave();
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    if (this.#chunks.length === 0 && !this.#ended) await this.#more();
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      if (this.#failure) throw this.#failure;
      return { done: true, value: undefined };
    }
    this.#size -= chunk.length;
    if (this.#paused && this.#size <= LOW.bytes && this.#chunks.length <= LOW.parts) {
      this.#paused = false;
      this.#source.resume();
    }
    return { done: false, value: chunk };
  }

  async return(): Promise<IteratorResult<Buffer, undefined>> {
    this.cancel();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #more(): Promise<void> {
    const timer = this.#patience > 0 ? setTimeout(() => this.#source.silent(), this.#patience) : undefined;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    clearTimeout(timer);
  }
}
