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
    const length = to - from;
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK, length));
      this.#used = 0;
    }
    const at = this.#used;
    bytes.copy(this.#block, at, from, to);
    this.#used += length;
    return { bytes: this.#block, from: at, to: this.#used };
  }
}
