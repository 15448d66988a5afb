/** A stream of which a part can be read ahead of whoever reads it, nothing lost. */
export class ReadAhead implements AsyncIterable<Buffer> {
  readonly #iterator: AsyncIterator<Buffer>;
  readonly #held: Buffer[] = [];
  #opening: Buffer = Buffer.alloc(0);
  /** A read that nobody has waited for to its end. */
  #pending: Promise<IteratorResult<Buffer>> | undefined;
  #isOver = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The bytes that were read ahead; they stay here. */
  get opening(): Buffer {
    return this.#opening;
  }

  /** Reads on until there are as many bytes as `needed` says of those that there are, or the stream ends. */
  async until(needed: (opening: Buffer) => number): Promise<void> {
    for (let need = needed(this.#opening); this.#opening.length < need; need = needed(this.#opening)) {
      const pieces = [this.#opening];
      let size = this.#opening.length;
      while (size < need && !this.#isOver) {
        const piece = await this.#next();
        if (!piece) continue;
        pieces.push(piece);
        this.#held.push(piece);
        size += piece.length;
      }
      this.#opening = Buffer.concat(pieces, size);
      if (this.#isOver) return;
    }
  }

  /** All of it; what was read ahead comes first, in its pieces. Iterate once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let piece = this.#held.shift(); piece; piece = this.#held.shift()) yield piece;
      while (!this.#isOver) {
        const piece = await this.#next();
        if (piece) yield piece;
      }
    } finally {
      await this.#iterator.return?.();
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const pending = (this.#pending ??= this.#iterator.next());
    const { done, value } = await pending;
    if (this.#pending === pending) this.#pending = undefined;
    if (done) this.#isOver = true;
    return done ? undefined : value;
  }
}
