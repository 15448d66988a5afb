import { TnetTag, type TnetValue } from './tnetstring';

const COLON = 0x3a;
const POINT = 0x2e;
const MOST_LENGTH_DIGITS = 10;
/** So many digits always make a whole number that a double holds. */
const MOST_EXACT_DIGITS = 15;
const MOST_NUMBER_DIGITS = 64;
const DEEPEST = 64;

/** Where the payload begins that the length prefix at `at` announces, and where it ends. */
export interface TnetSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the length prefix at `at`; undefined when `end` comes before its colon.
 * @throws SyntaxError when there is none.
 */
export function readTnetLength(bytes: Buffer, at: number, end: number): TnetSpan | undefined {
  const colon = colonBehind(bytes, at, end);
  return colon === end ? undefined : { from: colon + 1, to: colon + 1 + wholeNumber(bytes, at, colon) };
}

/** Where the digits end that begin at `at`: at a colon, or at `end`. */
function colonBehind(bytes: Buffer, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === COLON && i > at) return i;
    if (byte < 0x30 || byte > 0x39 || i - at >= MOST_LENGTH_DIGITS) throw new SyntaxError('no length');
  }
  return end;
}

function wholeNumber(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + (bytes[i]! - 0x30);
  return value;
}

/**
 * The number whose digits stand at `span`.
 * @throws SyntaxError when they are none.
 */
export function readTnetNumber(bytes: Buffer, span: TnetSpan): number {
  return plainNumber(bytes, span) ?? anyNumber(bytes, span);
}

/** A number of few digits, as all times have: exact, since it is one whole number, or one divided by another. */
function plainNumber(bytes: Buffer, { from, to }: TnetSpan): number | undefined {
  if (to === from || to - from > MOST_EXACT_DIGITS + 1) return undefined;
  let value = 0;
  let scale = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      scale *= 10;
    } else if (digit === POINT - 0x30 && scale === 0 && at > from) scale = 1;
    else return undefined;
  }
  return scale > 1 ? value / scale : value;
}

function anyNumber(bytes: Buffer, span: TnetSpan): number {
  const digits = bytes.toString('latin1', span.from, Math.min(span.to, span.from + MOST_NUMBER_DIGITS + 1));
  const value = Number(digits);
  const wellFormed = digits.length <= MOST_NUMBER_DIGITS && /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(digits);
  if (!wellFormed || !Number.isFinite(value)) throw new SyntaxError('digits that are no number');
  return value;
}

/** Walks the values that stand back to back in a stretch of bytes; what is not asked for is skipped by its length. */
export class TnetCursor {
  /** The tag of the value that `next()` found. */
  tag = 0;
  /** Where its payload begins. */
  from = 0;
  /** Where its payload ends. */
  to = 0;
  #at: number;

  constructor(
    readonly bytes: Buffer,
    at = 0,
    private end: number = bytes.length,
    readonly depth = 0,
  ) {
    this.#at = at;
  }

  /**
   * Steps to the next value; false when there is none.
   * @throws SyntaxError when it does not fit into the stretch.
   */
  next(): boolean {
    const { bytes, end } = this;
    if (this.#at === end) return false;
    const colon = colonBehind(bytes, this.#at, end);
    this.from = colon + 1;
    this.to = this.from + wholeNumber(bytes, this.#at, colon);
    if (this.to >= end) throw new SyntaxError('a value reaches past the end of what holds it');
    this.tag = bytes[this.to]!;
    this.#at = this.to + 1;
    return true;
  }

  /**
   * Walks what the found list or dictionary holds; a dictionary's keys and values alternate.
   * @throws SyntaxError for other values, and beyond 64 levels.
   */
  inner(): TnetCursor {
    const inner = new TnetCursor(this.bytes, 0, 0, this.depth + 1);
    this.enter(inner);
    return inner;
  }

  /** Has `inner`, a cursor that `inner()` gave, walk what is found now. */
  enter(inner: TnetCursor): void {
    if (this.tag !== TnetTag.list && this.tag !== TnetTag.dictionary) {
      throw new SyntaxError('a plain value where a list or a dictionary belongs');
    }
    if (this.depth >= DEEPEST) throw new SyntaxError(`nested deeper than ${DEEPEST} levels`);
    inner.#at = this.from;
    inner.end = this.to;
  }

  /** One that is as far as this one. */
  copy(): TnetCursor {
    return new TnetCursor(this.bytes, this.#at, this.end, this.depth);
  }

  /** What has not been walked. */
  get rest(): TnetSpan {
    return { from: this.#at, to: this.end };
  }

  /** True when the found value is bytes or text. */
  holdsText(): boolean {
    return this.tag === TnetTag.bytes || this.tag === TnetTag.text;
  }

  /** The found payload, one character per byte. */
  latin1(): string {
    return this.bytes.toString('latin1', this.from, this.to);
  }

  /**
   * The found value with everything in it. Bytes are copied.
   * @throws SyntaxError when it is malformed.
   */
  value(): TnetValue {
    switch (this.tag) {
      case TnetTag.bytes:
        return Buffer.from(this.bytes.subarray(this.from, this.to));
      case TnetTag.text:
        return this.bytes.toString('utf8', this.from, this.to);
      case TnetTag.integer:
      case TnetTag.float:
        return this.#number();
      case TnetTag.boolean:
        return this.#boolean();
      case TnetTag.null:
        if (this.from !== this.to) throw new SyntaxError('a null with content');
        return null;
      case TnetTag.list:
        return [...values(this.inner())];
      case TnetTag.dictionary:
        return dictionary(this.inner());
      default:
        throw new SyntaxError(`no value has the tag ${JSON.stringify(String.fromCharCode(this.tag))}`);
    }
  }

  #number(): number {
    const value = readTnetNumber(this.bytes, this);
    if (this.tag === TnetTag.integer && !Number.isInteger(value))
      throw new SyntaxError('an integer with a fraction');
    return value;
  }

  #boolean(): boolean {
    const word = this.latin1();
    if (word !== 'true' && word !== 'false')
      throw new SyntaxError('a boolean that is neither true nor false');
    return word === 'true';
  }
}

function* values(cursor: TnetCursor): Generator<TnetValue> {
  while (cursor.next()) yield cursor.value();
}

function dictionary(cursor: TnetCursor): Map<string, TnetValue> {
  const map = new Map<string, TnetValue>();
  while (cursor.next()) {
    if (!cursor.holdsText()) throw new SyntaxError('a key that is no text');
    const key = cursor.bytes.toString('utf8', cursor.from, cursor.to);
    if (!cursor.next()) throw new SyntaxError('a key without a value');
    map.set(key, cursor.value());
  }
  return map;
}
