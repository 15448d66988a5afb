const BLOCK = 256 * 1024;

/** A stretch of bytes that are kept; who knows what they mean extends it. */
export class KeptSpan {
  constructor(
    readonly bytes: Buffer,
    readonly from: number,
    readonly to: number,
  ) {}
}

type Span<T extends KeptSpan> = new (bytes: Buffer, from: number, to: number) => T;

/** Keeps small stretches of bytes in blocks outside the heap, where they cost the garbage collector nothing. */
export class KeptBytes {
  #block = Buffer.alloc(0);
  #used = 0;

  /** A copy of the bytes from `from` up to `to`. */
  keep<T extends KeptSpan>(bytes: Buffer, from: number, to: number, span: Span<T>): T {
    const at = this.#take(to - from);
    bytes.copy(this.#block, at, from, to);
    return new span(this.#block, at, this.#used);
  }

  /** Text as bytes, one for each character. */
  keepText<T extends KeptSpan>(text: string, span: Span<T>): T {
    const at = this.#take(text.length);
    this.#block.write(text, at, 'latin1');
    return new span(this.#block, at, this.#used);
  }

  #take(length: number): number {
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length));
      this.#used = 0;
    }
    this.#used += length;
    return this.#used - length;
  }
}
