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

  /** Has `write` put up to `most` bytes into `block` from `at` on; it gives the end of them, or -1: then nothing is kept. */
  keep<T extends KeptSpan>(
    most: number,
    write: (block: Buffer, at: number) => number,
    span: Span<T>,
  ): T | undefined {
    if (this.#used + most > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK, most));
      this.#used = 0;
    }
    const from = this.#used;
    const to = write(this.#block, from);
    if (to < 0) return undefined;
    this.#used = to;
    return new span(this.#block, from, to);
  }
}
