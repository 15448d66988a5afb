/** The start of an interim response, and what may become one. */
const INTERIM = /^HTTP\/1\.[01] 1\d\d[ \r\n]/;
const SHORTEST = 'HTTP/1.1 100 ';
const NOTHING = Buffer.alloc(0);

/**
 * Takes `100 Continue` (RFC 9110 §15.2.1) out of what an HTTP/1 server sends before its response: undici takes it for an error. Other
 * interim responses stay.
 */
export class ContinueFilter {
  readonly #limit: number;
  readonly #onContinue: () => void;
  #held: Buffer = NOTHING;
  #isOver = false;

  /** `limit`: bytes that the head of an interim response may have. */
  constructor(limit: number, onContinue: () => void) {
    this.#limit = limit;
    this.#onContinue = onContinue;
  }

  /** What of the bytes is for the parser; null when nothing is yet. */
  pass(chunk: Buffer): Buffer | null {
    if (this.#isOver) return chunk;
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const passed: Buffer[] = [];
    for (;;) {
      const start = rest.toString('latin1', 0, SHORTEST.length);
      const isInterim = INTERIM.test(start);
      const mayBe =
        isInterim || (rest.length < SHORTEST.length && INTERIM.test(start + SHORTEST.slice(rest.length)));
      const end = isInterim ? rest.indexOf('\r\n\r\n') : -1;
      if (!mayBe || (end < 0 && rest.length > this.#limit)) {
        this.#isOver = true;
        this.#held = NOTHING;
        return passed.length === 0 ? rest : Buffer.concat([...passed, rest]);
      }
      if (end < 0) break;
      if (start.slice(9, 12) === '100') this.#onContinue();
      else passed.push(rest.subarray(0, end + 4));
      rest = rest.subarray(end + 4);
    }
    this.#held = rest;
    return passed.length === 0 ? null : Buffer.concat(passed);
  }
}
