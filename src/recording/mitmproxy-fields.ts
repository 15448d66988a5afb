import { readTnetNumber, TnetCursor } from './tnetstring-cursor';
import { TnetTag } from './tnetstring';
import { isSpelledAt, RepeatedTexts } from './repeated-texts';

const TEXTS = new RepeatedTexts();

interface Place {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

interface Spelling {
  readonly text: string;
  /** The number of the key. */
  readonly key: number;
}

/** Numbers that a found value takes: its tag, and where its payload begins and ends. */
const PLACE = 3;

/**
 * The dictionaries of one kind in the records of a dump, one after the other: finds the values of the keys asked for and skips the others by their
 * length. Keys may be bytes, as up to version 0.17, or text; null is the same as absent. Its methods throw SyntaxError where a value has the
 * wrong type.
 */
export class DumpFields<K extends string> {
  readonly #numbers: ReadonlyMap<string, number>;
  /** By length. */
  readonly #spellings: Spelling[][] = [];
  readonly #places: number[];
  #bytes: Buffer = Buffer.alloc(0);
  #depth = 0;

  /** `older` names the spellings of older versions. */
  constructor(
    readonly name: string,
    keys: readonly K[],
    older: Readonly<Record<string, K>> = {},
  ) {
    const numbers = new Map<string, number>(keys.map((key, number) => [key, number]));
    for (const [text, key] of [...keys.map((key) => [key, key] as const), ...Object.entries(older)])
      (this.#spellings[text.length] ??= []).push({ text, key: numbers.get(key)! });
    this.#numbers = numbers;
    this.#places = new Array<number>(keys.length * PLACE).fill(0);
  }

  /**
   * Turns to the next dictionary; what was found in the one before is forgotten.
   * @throws SyntaxError when what `cursor` walks is no dictionary.
   */
  of(cursor: TnetCursor): this {
    const { bytes } = cursor;
    const places = this.#places.fill(0);
    this.#bytes = bytes;
    this.#depth = cursor.depth + 1;
    while (cursor.next()) {
      if (!cursor.holdsText()) throw new SyntaxError('a key that is no text');
      const key = keyAt(bytes, cursor.from, this.#spellings[cursor.to - cursor.from]);
      if (!cursor.next()) throw new SyntaxError('a key without a value');
      if (key < 0) continue;
      if (cursor.tag === TnetTag.null) continue;
      places[key * PLACE] = cursor.tag;
      places[key * PLACE + 1] = cursor.from;
      places[key * PLACE + 2] = cursor.to;
    }
    return this;
  }

  /** Bytes as one character each, or text. */
  text(key: K): string | undefined {
    const place = this.#place(key);
    if (!place) return undefined;
    if (place.tag === TnetTag.bytes) return TEXTS.latin1(this.#bytes, place.from, place.to);
    if (place.tag === TnetTag.text) return this.#bytes.toString('utf8', place.from, place.to);
    throw new SyntaxError(`${this.name}.${key} is no text`);
  }

  /** Whether it is those bytes, in ASCII. */
  isText(key: K, ascii: string): boolean {
    const place = this.#place(key);
    return (
      place?.tag === TnetTag.bytes &&
      place.to - place.from === ascii.length &&
      isSpelledAt(this.#bytes, place.from, ascii)
    );
  }

  /** An integer or a float. */
  number(key: K): number | undefined {
    const place = this.#place(key);
    if (!place) return undefined;
    if (place.tag === TnetTag.integer || place.tag === TnetTag.float)
      return readTnetNumber(this.#bytes, place);
    throw new SyntaxError(`${this.name}.${key} is no number`);
  }

  /** True or false; undefined for everything else. */
  flag(key: K): boolean | undefined {
    const place = this.#place(key);
    if (place?.tag !== TnetTag.boolean) return undefined;
    return this.#bytes.toString('latin1', place.from, place.to) === 'true';
  }

  /** An integer alone or a list of integers; undefined for everything else. */
  integers(key: K): number[] | undefined {
    const place = this.#place(key);
    if (place?.tag === TnetTag.integer) return [readTnetNumber(this.#bytes, place)];
    if (place?.tag !== TnetTag.list) return undefined;
    const cursor = this.requiredInside(key);
    const list: number[] = [];
    while (cursor.next()) list.push(readTnetNumber(this.#bytes, cursor));
    return list;
  }

  /** Where in the file bytes or text stand, in a record whose bytes begin at `base`. */
  span(key: K, base: number): { offset: number; length: number } | undefined {
    const place = this.#place(key);
    if (!place) return undefined;
    if (place.tag !== TnetTag.bytes && place.tag !== TnetTag.text)
      throw new SyntaxError(`${this.name}.${key} is no bytes`);
    return { offset: base + place.from, length: place.to - place.from };
  }

  /** A cursor into a list or a dictionary. */
  inside(key: K): TnetCursor | undefined {
    const place = this.#place(key);
    if (!place) return undefined;
    if (place.tag === TnetTag.list || place.tag === TnetTag.dictionary) {
      return new TnetCursor(this.#bytes, place.from, place.to, this.#depth);
    }
    throw new SyntaxError(`${this.name}.${key} is neither list nor dictionary`);
  }

  /** True when it has the key, whatever it holds. */
  has(key: K): boolean {
    return this.#place(key) !== undefined;
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

  #place(key: K): Place | undefined {
    const at = this.#numbers.get(key)! * PLACE;
    const [tag, from, to] = [this.#places[at]!, this.#places[at + 1]!, this.#places[at + 2]!];
    return tag === 0 ? undefined : { tag, from, to };
  }

  #missing(key: K): never {
    throw new SyntaxError(`${this.name}.${key} is missing`);
  }
}

/** The number of the key that is spelled there; -1 for any other. */
function keyAt(bytes: Buffer, at: number, spellings: readonly Spelling[] | undefined): number {
  if (spellings) for (const { text, key } of spellings) if (isSpelledAt(bytes, at, text)) return key;
  return -1;
}
