import { HttpHeaders, isFieldValue, isToken, type HeaderPair } from '../http/headers';
import { isObject, quoted } from './json-value';
import { NO_HEADERS } from './kept-headers';

/** Told about what was skipped. */
export type Warn = (problem: string) => void;

const LONGEST_SHARED = 512;
const MOST_SHARED = 20_000;

/**
 * Reads the header lists of a recording. Equal lines of requests become one: they repeat in thousands of entries, and what was checked once need
 * not be checked again.
 */
export class HarHeaderReader {
  readonly #known = new Map<string, Map<string, HeaderPair>>();
  #shared = 0;

  /** The lines of a HAR header list; pseudo headers are dropped, lines that no message can carry are dropped and named. */
  read(list: unknown, where: string, warn: Warn): HttpHeaders {
    if (list === undefined || list === null) return new HttpHeaders();
    if (!Array.isArray(list)) {
      warn(`${where} headers are no list; read as none`);
      return new HttpHeaders();
    }
    const pairs: HeaderPair[] = [];
    for (const line of list as unknown[]) {
      if (!isObject(line)) warn(`${where} header ${quoted(line)} is no object with name and value; left out`);
      else this.#add(pairs, line['name'], line['value'], where, warn);
    }
    return HttpHeaders.fromPairs(pairs);
  }

  /** Trailers as we write them, a list of pairs; anything else counts as none. */
  readPairs(list: unknown, where: string, warn: Warn): HttpHeaders {
    if (!Array.isArray(list)) return NO_HEADERS;
    const pairs: HeaderPair[] = [];
    for (const pair of list as unknown[]) {
      if (Array.isArray(pair)) this.#add(pairs, pair[0], pair[1], where, warn);
    }
    return HttpHeaders.fromPairs(pairs);
  }

  #add(pairs: HeaderPair[], name: unknown, value: unknown, where: string, warn: Warn): void {
    const isShared = where === 'request' && typeof name === 'string' && typeof value === 'string';
    const known = isShared ? this.#known.get(name)?.get(value) : undefined;
    if (known) {
      pairs.push(known);
      return;
    }
    if (typeof name !== 'string') return warn(`${where} header ${quoted(name)} has no name; left out`);
    if (name.startsWith(':') && isToken(name.slice(1))) return;
    if (!isToken(name))
      return warn(`${where} header ${quoted(name)} has a name that no header may have; left out`);
    if (!isShared && typeof value === 'string' && isFieldValue(value)) {
      pairs.push([name, value]);
      return;
    }
    const text = typeof value === 'number' ? String(value) : (value ?? '');
    if (typeof text !== 'string')
      return warn(`${where} header ${quoted(name)} has a value that is no text; left out`);
    // Browsers write several lines of one name as one value with line breaks; a break before a blank is a folded line (RFC 9112 §5.2).
    for (const line of text.split(/\r?\n(?![ \t])/)) {
      const bytes = valueOf(line);
      if (bytes !== undefined) pairs.push(isShared ? this.#share(name, line, [name, bytes]) : [name, bytes]);
      else warn(`${where} header ${quoted(name)} has a value that no header may have; left out`);
    }
  }

  #share(name: string, value: string, pair: HeaderPair): HeaderPair {
    if (value.length > LONGEST_SHARED || this.#shared >= MOST_SHARED) return pair;
    let values = this.#known.get(name);
    if (values === undefined) this.#known.set(name, (values = new Map()));
    values.set(value, pair);
    this.#shared++;
    return pair;
  }
}

/** One character a byte: tools that show headers as Unicode took it from UTF-8. */
function valueOf(text: string): string | undefined {
  if (isFieldValue(text)) return text;
  // Split and trim take linear time where one expression for the blanks around a break takes quadratic.
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const folded = lines.join(' ').trim();
  const bytes = /[^\0-\xff]/.test(folded) ? Buffer.from(folded, 'utf8').toString('latin1') : folded;
  return isFieldValue(bytes) ? bytes : undefined;
}
