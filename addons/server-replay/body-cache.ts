import type { Body } from 'replay-proxy';

/** Bytes. */
const MOST = 32 * 1024 * 1024;

/** Bodies that were made of others and sent lately, up to so many bytes in all: the same ones are asked for again and again. */
export class BodyCache {
  readonly #most: number;
  #recent = new Map<Body, Body>();
  /** Bytes. */
  #size = 0;
  /** Those before the recent ones: what nobody asks for until there are as many again is let go. */
  #older = new Map<Body, Body>();

  constructor(most = MOST) {
    this.#most = most;
  }

  /** What `make` makes of a body; a body of more than a quarter of all that is kept is made each time. */
  of(body: Body, make: (body: Body) => Body): Body {
    const recent = this.#recent.get(body);
    if (recent) return recent;
    const made = this.#older.get(body) ?? make(body);
    const size = made.length ?? Infinity;
    if (size > this.#most / 4) return made;
    if (this.#size + size > this.#most / 2) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#size = 0;
    }
    this.#recent.set(body, made);
    this.#size += size;
    return made;
  }
}
