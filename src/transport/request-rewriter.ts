import type { Framing, OutgoingRequest } from './upstream-request';

/**
 * Puts a request's own head and trailers in the place of what undici writes.
 *
 * undici writes a head of its own order, with lines of its own, and no trailers. Since it does so in strings, and content comes in
 * bytes, what it writes can be told apart; its head only tells the framing that it decided on.
 */
export class RequestRewriter {
  readonly #request: OutgoingRequest;
  #headSent = false;
  /** The head was written before undici did so, with the line break that undici writes before the size of the first chunk. */
  #isEarly = false;
  #breakSent = false;

  constructor(request: OutgoingRequest) {
    this.#request = request;
  }

  /** The head is written. */
  get headSent(): boolean {
    return this.#headSent;
  }

  /** The head, to be written before undici writes anything: for a request whose content waits. */
  early(): string {
    const { length } = this.#request;
    this.#headSent = true;
    this.#isEarly = true;
    if (length !== undefined) return this.#request.head({ length: String(length) }, false);
    this.#breakSent = true;
    return `${this.#request.head('chunked', false)}\r\n`;
  }

  /** What is to be written in the place of `written`. */
  rewrite(written: unknown): unknown {
    if (!this.#headSent || this.#isEarly) {
      if (typeof written !== 'string') throw new Error('undici has begun a request without a head');
      return this.#head(written);
    }
    if (typeof written !== 'string') return written;
    const isLast = written === '\r\n0\r\n\r\n';
    const line = isLast ? `\r\n${this.#lastChunk()}` : written;
    const rest = this.#breakSent ? line.slice(2) : line;
    this.#breakSent = false;
    return rest;
  }

  #head(written: string): string {
    const request = this.#request;
    const framing = framingOf(written);
    const isEmpty = framing === 'none' || (framing !== 'chunked' && framing.length === '0');
    if (this.#isEarly) {
      this.#isEarly = false;
      return isEmpty && request.length === undefined ? this.#lastChunk() : '';
    }
    this.#headSent = true;
    const close = written.includes('\r\nconnection: close\r\n');
    if (isEmpty && request.trailers().length > 0)
      return `${request.head('chunked', close)}\r\n${this.#lastChunk()}`;
    return request.head(framing, close);
  }

  #lastChunk(): string {
    const lines = this.#request.trailers().map(([name, value]) => `${name}: ${value}\r\n`);
    return `0\r\n${lines.join('')}\r\n`;
  }
}

/** The framing at the end of a head that undici wrote. */
function framingOf(head: string): Framing {
  if (head.endsWith('\r\ntransfer-encoding: chunked\r\n')) return 'chunked';
  const length = /\r\ncontent-length: (\d+)\r\n\r\n$/.exec(head)?.[1];
  return length === undefined ? 'none' : { length };
}
