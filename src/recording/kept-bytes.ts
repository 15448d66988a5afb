const BLOCK = 256 * 1024;

/** A stretch of bytes that are kept. */
export interface KeptSpan {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Keeps small stretches of bytes in blocks outside the heap, where they cost the garbage collector nothing. */
export class KeptBytes {
  #block = Buffer.alloc(0);
  #used = 0;

  /** A copy of the bytes from `from` up to `to`. */
  keep(bytes: Buffer, from: number, to: number): KeptSpan {
    const span = this.#next(to - from);
    bytes.copy(span.bytes, span.from, from, to);
    return span;
  }

  /** Text as bytes, one for each character. */
  keepText(text: string): KeptSpan {
    const span = this.#next(text.length);
    span.bytes.write(text, span.from, 'latin1');
    return span;
  }

  #next(length: number): KeptSpan {
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length));
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    return { bytes: this.#block, from, to: this.#used };
  }
}
