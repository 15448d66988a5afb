import { HttpHeaders, type HeaderPair } from '../http/headers';
import { isObject, quoted } from './json-value';

/** Told about what was skipped. */
export type Warn = (problem: string) => void;

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const LONGEST_SHARED = 512;
const MOST_SHARED = 20_000;

/**
 * Reads the header lists of a recording. Equal names and values become one string each: the headers of thousands of entries
 * repeat, and what was checked once need not be checked again.
 */
export class HarHeaderReader {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, string>();

  /** The lines of a HAR header list; pseudo headers are dropped, lines that no message can carry are dropped and named. */
  read(list: unknown, where: string, warn: Warn): HttpHeaders {
    const raw: string[] = [];
    if (list === undefined || list === null) return HttpHeaders.fromRaw(raw);
    if (!Array.isArray(list)) {
      warn(`${where} headers are no list; read as none`);
      return HttpHeaders.fromRaw(raw);
    }
    for (const line of list as unknown[]) {
      if (!isObject(line)) warn(`${where} header ${quoted(line)} is no object with name and value; left out`);
      else this.#add(raw, line['name'], line['value'], where, warn);
    }
    return HttpHeaders.fromRaw(raw);
  }

  /** Trailers as we write them, a list of pairs; anything else counts as none. */
  readPairs(list: unknown, where: string, warn: Warn): HttpHeaders {
    const raw: string[] = [];
    for (const pair of Array.isArray(list) ? (list as unknown[]) : []) {
      if (Array.isArray(pair)) this.#add(raw, pair[0], pair[1], where, warn);
    }
    return HttpHeaders.fromRaw(raw);
  }

  #add(raw: string[], name: unknown, value: unknown, where: string, warn: Warn): void {
    if (typeof name !== 'string' || (name.startsWith(':') && NAME.test(name.slice(1)))) {
      if (typeof name !== 'string') warn(`${where} header ${quoted(name)} has no name; left out`);
      return;
    }
    const text = typeof value === 'number' ? String(value) : (value ?? '');
    const knownName = this.#names.get(name) ?? shared(this.#names, name, NAME.test(name) ? name : undefined);
    if (knownName === undefined)
      return warn(`${where} header ${quoted(name)} has a name that no header may have; left out`);
    if (typeof text !== 'string')
      return warn(`${where} header ${quoted(name)} has a value that is no text; left out`);
    const knownValue = this.#values.get(text);
    if (knownValue !== undefined) return void raw.push(knownName, knownValue);
    // Browsers write several lines of one name as one value with line breaks; a break before a blank is a folded line (RFC 9112 §5.2).
    for (const line of text.split(/\r?\n(?![ \t])/)) {
      const value = shared(this.#values, line, valueOf(line));
      if (value !== undefined) raw.push(knownName, value);
      else warn(`${where} header ${quoted(name)} has a value that no header may have; left out`);
    }
  }
}

/** The lines that a recording may keep: those for the proxy itself hold its credentials and say nothing about the exchange. */
export function recordable(headers: HttpHeaders): HeaderPair[] {
  return [...headers].filter(([name]) => !/^proxy-/i.test(name));
}

function shared(known: Map<string, string>, key: string, value: string | undefined): string | undefined {
  if (value !== undefined && key.length <= LONGEST_SHARED && known.size < MOST_SHARED) known.set(key, value);
  return value;
}

/** One character a byte: tools that show headers as Unicode took it from UTF-8. */
function valueOf(text: string): string | undefined {
  if (!NOT_A_VALUE.test(text)) return text;
  const folded = text.replace(/[ \t]*\r?\n[ \t]*/g, ' ').trim();
  const bytes = /[^\0-\xff]/.test(folded) ? Buffer.from(folded, 'utf8').toString('latin1') : folded;
  return NOT_A_VALUE.test(bytes) ? undefined : bytes;
}
