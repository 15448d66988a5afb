import { readTnetNumber, TnetCursor } from './tnetstring-cursor';
import { TnetTag } from './tnetstring';

/** The keys to look for, by the length of their spelling. */
export type FieldTable<K extends string> = ReadonlyMap<
  number,
  ReadonlyArray<readonly [spelling: string, key: K]>
>;

/** A table of `keys`; `older` names the spellings of older versions. */
export function fieldTable<K extends string>(
  keys: readonly K[],
  older: Readonly<Record<string, K>> = {},
): FieldTable<K> {
  const table = new Map<number, Array<readonly [string, K]>>();
  for (const [spelling, key] of [...keys.map((key) => [key, key] as const), ...Object.entries(older)]) {
    table.set(spelling.length, [...(table.get(spelling.length) ?? []), [spelling, key]]);
  }
  return table;
}

/** The fields of a dictionary that a table is for. */
export type FieldsOf<T> = T extends FieldTable<infer K> ? DumpFields<K> : never;

interface Place {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/**
 * One dictionary of a record: finds the values of the keys in a table and skips the others by their length. Keys may be bytes, as
 * up to version 0.17, or text; null is the same as absent. Its methods throw SyntaxError where a value has the wrong type.
 */
export class DumpFields<K extends string> {
  readonly #bytes: Buffer;
  readonly #depth: number;
  readonly #found: { [P in K]?: Place } = {};

  /** @throws SyntaxError when what `cursor` walks is no dictionary. */
  constructor(
    readonly name: string,
    cursor: TnetCursor,
    table: FieldTable<K>,
  ) {
    const bytes = cursor.bytes;
    this.#bytes = bytes;
    this.#depth = cursor.depth + 1;
    while (cursor.next()) {
      if (!cursor.holdsText()) throw new SyntaxError('a key that is no text');
      const start = cursor.from;
      const key = table.get(cursor.to - start)?.find(([spelling]) => spelledAt(bytes, start, spelling))?.[1];
      if (!cursor.next()) throw new SyntaxError('a key without a value');
      const { tag, from, to } = cursor;
      if (key && tag !== TnetTag.null) this.#found[key] = { tag, from, to };
    }
  }

  /** Bytes as one character each, or text. */
  text(key: K): string | undefined {
    const place = this.#found[key];
    if (!place) return undefined;
    if (place.tag === TnetTag.bytes) return this.#bytes.toString('latin1', place.from, place.to);
    if (place.tag === TnetTag.text) return this.#bytes.toString('utf8', place.from, place.to);
    throw new SyntaxError(`${this.name}.${key} is no text`);
  }

  /** An integer or a float. */
  number(key: K): number | undefined {
    const place = this.#found[key];
    if (!place) return undefined;
    if (place.tag === TnetTag.integer || place.tag === TnetTag.float)
      return readTnetNumber(this.#bytes, place);
    throw new SyntaxError(`${this.name}.${key} is no number`);
  }

  /** True or false; undefined for everything else. */
  flag(key: K): boolean | undefined {
    const place = this.#found[key];
    if (place?.tag !== TnetTag.boolean) return undefined;
    return this.#bytes.toString('latin1', place.from, place.to) === 'true';
  }

  /** An integer alone or a list of integers; undefined for everything else. */
  integers(key: K): number[] | undefined {
    const place = this.#found[key];
    if (place?.tag === TnetTag.integer) return [readTnetNumber(this.#bytes, place)];
    if (place?.tag !== TnetTag.list) return undefined;
    const cursor = this.requiredInside(key);
    const list: number[] = [];
    while (cursor.next()) list.push(readTnetNumber(this.#bytes, cursor));
    return list;
  }

  /** Where in the file bytes or text stand, in a record whose bytes begin at `base`. */
  span(key: K, base: number): { offset: number; length: number } | undefined {
    const place = this.#found[key];
    if (!place) return undefined;
    if (place.tag !== TnetTag.bytes && place.tag !== TnetTag.text)
      throw new SyntaxError(`${this.name}.${key} is no bytes`);
    return { offset: base + place.from, length: place.to - place.from };
  }

  /** A cursor into a list or a dictionary. */
  inside(key: K): TnetCursor | undefined {
    const place = this.#found[key];
    if (!place) return undefined;
    if (place.tag === TnetTag.list || place.tag === TnetTag.dictionary) {
      return new TnetCursor(this.#bytes, place.from, place.to, this.#depth);
    }
    throw new SyntaxError(`${this.name}.${key} is neither list nor dictionary`);
  }

  /** True when it has the key, whatever it holds. */
  has(key: K): boolean {
    return this.#found[key] !== undefined;
  }

  /** `text()` that cannot be missing. */
  requiredText(key: K): string {
    return this.text(key) ?? this.#missing(key);
  }

  /** `number()` that cannot be missing. */
  requiredNumber(key: K): number {
    return this.number(key) ?? this.#missing(key);
  }

  /** `inside()` that cannot be missing. */
  requiredInside(key: K): TnetCursor {
    return this.inside(key) ?? this.#missing(key);
  }

  #missing(key: K): never {
    throw new SyntaxError(`${this.name}.${key} is missing`);
  }
}

function spelledAt(bytes: Buffer, at: number, spelling: string): boolean {
  for (let i = 0; i < spelling.length; i++) if (bytes[at + i] !== spelling.charCodeAt(i)) return false;
  return true;
}
