import { HttpHeaders, isFieldValue, isToken, type HeaderPair } from '../http/headers';
import type { Warn } from './har-headers';
import { quoted } from './json-value';
import { KeptHeaders } from './kept-headers';
import type { TnetCursor } from './tnetstring-cursor';

/** Lists of requests' headers that are remembered, and bytes of the longest. */
const MOST_SHARED = 1000;
const LONGEST_SHARED = 4096;

const NEWLINE = 0x0a;

/** What each byte can be part of. */
const [NAME, VALUE] = [1, 2];
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return (isToken(character) ? NAME : 0) | (isFieldValue(character) ? VALUE : 0);
});

/** Reads the header lists of one dump. All are frozen, so that equal ones of requests can be one. */
export class DumpHeaderReader {
  readonly #shared = new Map<string, HttpHeaders>();
  readonly #kept = new KeptHeaders();

  /** The headers of a request; `authority` is its host where the list names none. */
  ofRequest(list: TnetCursor, authority: string | undefined, warn: Warn): HttpHeaders {
    const { from, to } = list.rest;
    const key =
      to - from > LONGEST_SHARED
        ? undefined
        : `${authority ?? ''} ${list.bytes.toString('latin1', from, to)}`;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known) return known;
    let isSound = true;
    const headers = withAuthority(
      pairsIn(list, 'request', (flaw) => {
        isSound = false;
        warn(flaw);
      }),
      authority,
    );
    if (key !== undefined && isSound && this.#shared.size < MOST_SHARED) this.#shared.set(key, headers);
    return headers;
  }

  /** Other headers, that few ask for: as in `KeptHeaders`, without taking a list apart that has no flaws. */
  ofOthers(list: TnetCursor, name: string, warn: Warn): HttpHeaders {
    const { from, to } = list.rest;
    const lines = list.copy();
    const kept = this.#kept.keep(to - from, (block, at) => writeLines(lines, name, block, at));
    return kept ?? HttpHeaders.fromPairs(pairsIn(list, name, warn)).freeze();
  }
}

function pairsIn(list: TnetCursor, name: string, warn: Warn): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  while (list.next()) {
    const pair = list.inner();
    stepToText(pair, name);
    const field = pair.latin1();
    stepToText(pair, name);
    const text = pair.latin1();
    const value = text.includes('\n') ? text.replace(/\r?\n[ \t]+/g, ' ') : text;
    // Old versions kept the pseudo-header fields of HTTP/2 among the others.
    if (field.startsWith(':')) continue;
    if (!isToken(field)) warn(`${name} header ${quoted(field)} has a name that no header may have; left out`);
    else if (!isFieldValue(value))
      warn(`${name} header ${quoted(field)} has a value that no header may have; left out`);
    else pairs.push([field, value]);
  }
  return pairs;
}

/** Writes all names and values, a line each, and gives the end of them; -1 when one of them is no header as it is. */
function writeLines(list: TnetCursor, name: string, block: Buffer, at: number): number {
  let pair: TnetCursor | undefined;
  let end = at;
  while (end >= 0 && list.next()) {
    if (pair) list.enter(pair);
    else pair = list.inner();
    stepToText(pair, name);
    end = pair.from === pair.to ? -1 : writeLine(NAME, pair, block, end);
    stepToText(pair, name);
    if (end >= 0) end = writeLine(VALUE, pair, block, end);
  }
  return end;
}

function writeLine(kind: number, { bytes, from, to }: TnetCursor, block: Buffer, at: number): number {
  const kinds = KINDS;
  let end = at;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if ((kinds[byte]! & kind) === 0) return -1;
    block[end++] = byte;
  }
  block[end++] = NEWLINE;
  return end;
}

function stepToText(pair: TnetCursor, name: string): void {
  if (!pair.next() || !pair.holdsText()) throw new SyntaxError(`${name}.headers holds what is no header`);
}

// RFC 9113 §8.3.1: what HTTP/2 says in `:authority`, HTTP/1.1 says in Host.
function withAuthority(pairs: HeaderPair[], authority: string | undefined): HttpHeaders {
  const headers = HttpHeaders.fromPairs(pairs);
  if (authority === undefined || headers.has('host')) return headers.freeze();
  return new HttpHeaders([['host', authority], ...pairs]).freeze();
}
