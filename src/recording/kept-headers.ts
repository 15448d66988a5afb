import { HttpHeaders, type HeaderPair, type HeaderSource } from '../http/headers';
import { KeptBytes, KeptSpan } from './kept-bytes';

const MOST_SHARED = 1000;

/** Headers without a line. */
export const NO_HEADERS = new HttpHeaders().freeze();

/** Keeps the headers of one recording's messages, frozen, for as little memory as it can. */
export class KeptHeaders {
  readonly #shared = new Map<string, HttpHeaders>();
  readonly #kept = new KeptBytes();

  /** Those of a request: many are the same, and matching asks for them at once. */
  ofRequest(headers: HttpHeaders): HttpHeaders {
    const text = textOf(headers);
    const known = this.#shared.get(text);
    if (known) return known;
    if (this.#shared.size < MOST_SHARED) this.#shared.set(text, headers);
    return headers.freeze();
  }

  /** Those that few ask for: bytes until then. */
  ofOthers(headers: HttpHeaders): HttpHeaders {
    if (headers.size === 0) return NO_HEADERS;
    const text = textOf(headers);
    const write = (block: Buffer, at: number) => at + block.write(text, at, 'latin1');
    return this.keep(text.length, write)!;
  }

  /** Those whose lines `write` puts into up to `most` bytes, each name and each value with a line break behind it; see `KeptBytes`. */
  keep(most: number, write: (block: Buffer, at: number) => number): HttpHeaders | undefined {
    const lines = this.#kept.keep(most, write, KeptLines);
    return lines && HttpHeaders.fromSource(lines).freeze();
  }
}

/** Names and values, each on a line: neither can hold a line break (RFC 9110 §5.5). */
class KeptLines extends KeptSpan implements HeaderSource {
  pairs(): HeaderPair[] {
    const lines = this.bytes.toString('latin1', this.from, this.to).split('\n');
    const pairs: HeaderPair[] = [];
    for (let i = 0; i + 1 < lines.length; i += 2) pairs.push([lines[i]!, lines[i + 1]!]);
    return pairs;
  }
}

function textOf(headers: HttpHeaders): string {
  let text = '';
  for (const [name, value] of headers) text += `${name}\n${value}\n`;
  return text;
}
