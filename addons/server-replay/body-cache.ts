import type { Body } from 'replay-proxy';

/** Bytes. */
const MOST = 32 * 1024 * 1024;

/** Bodies that were made of others and sent lately, up to so many bytes in all: the same ones are asked for again and again. */
export class BodyCache {
  /** The one that was not asked for the longest comes first. */
  readonly #made = new Map<Body, Body>();
  readonly #most: number;
  #size = 0;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** What `make` makes of a body; a body of more than a quarter of all that is kept is made each time. */
  of(body: Body, make: (body: Body) => Body): Body {
    const kept = this.#made.get(body);
    const made = kept ?? make(body);
    const size = made.length ?? Infinity;
    if (kept) this.#made.delete(body);
    else if (size > this.#most / 4) return made;
    else this.#size += size;
    this.#made.set(body, made);
    for (const [oldest, { length = 0 }] of this.#made) {
      if (this.#size <= this.#most) break;
      this.#made.delete(oldest);
      this.#size -= length;
    }
    return made;
  }
}
