const START = 'HTTP/1.1 100';
const IS_CONTINUE = /^HTTP\/1\.[01] 100(?=[ \r\n])/;
/** Bytes of a 100 that are waited for. */
const LONGEST = 16 * 1024;
const NONE: Buffer = Buffer.alloc(0);

/**
 * Takes `100 Continue` off the start of what a server sends: a client has to live with it unasked (RFC 9110 §15.2), and undici
 * breaks the connection off.
 */
export class ContinueFilter {
  #held = NONE;
  #isThrough = false;

  /** What of the next bytes, and of those held before, is for the parser; null when nothing is yet. */
  pass(chunk: Buffer): Buffer | null {
    if (this.#isThrough) return chunk;
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NONE;
    for (;;) {
      const start = bytes.toString('latin1', 0, START.length + 1);
      const end = IS_CONTINUE.test(start) ? bytes.indexOf('\r\n\r\n') : -1;
      if (end >= 0) bytes = bytes.subarray(end + 4);
      else if (couldBe(start) && bytes.length < LONGEST) {
        this.#held = bytes;
        return null;
      } else {
        this.#isThrough = true;
        return bytes;
      }
    }
  }
}

function couldBe(start: string): boolean {
  const text = start.replace(/^HTTP\/1\.0/, 'HTTP/1.1');
  return IS_CONTINUE.test(text) || (text.length <= START.length && START.startsWith(text));
}
