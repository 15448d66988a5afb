/**
 * What a tnetstring can hold. Numbers with a fraction are written as floats and the others as integers; `TnetFloat` makes a
 * float of a whole number. Text is UTF-8; a dictionary is read as a Map, so that no key (`__proto__`) means anything to JavaScript.
 */
export type TnetValue =
  | Buffer
  | TnetPieces
  | string
  | number
  | TnetFloat
  | boolean
  | null
  | readonly TnetValue[]
  | ReadonlyMap<string, TnetValue>
  | { readonly [key: string]: TnetValue };

/** A number that is written as a float even when it is whole. */
export class TnetFloat {
  constructor(readonly value: number) {}
}

/** Bytes that are read piece by piece while they are written, each perhaps where the one before it was; `length` of them in all. */
export class TnetPieces {
  constructor(
    readonly length: number,
    readonly read: () => Iterable<Buffer>,
  ) {}
}

/** The tag byte behind each payload (tnetstrings.org, and `;` for text as mitmproxy added it). */
export const TnetTag = {
  bytes: 0x2c,
  text: 0x3b,
  integer: 0x23,
  float: 0x5e,
  boolean: 0x21,
  null: 0x7e,
  list: 0x5d,
  dictionary: 0x7d,
} as const;

/** One value as `LENGTH:PAYLOAD` and its tag. Dictionaries keep the order of their keys. */
export function encodeTnetstring(value: TnetValue): Buffer {
  return Buffer.concat(Array.from(tnetstringPieces(value), (piece) => Buffer.from(piece)));
}

/** As `encodeTnetstring`, in order: what is in memory at once, `TnetPieces` as they are read, to be used before the next. */
export function* tnetstringPieces(value: TnetValue): Generator<Buffer, void, undefined> {
  const backwards: Part[] = [];
  collect(value, backwards);
  let held: Buffer[] = [];
  for (const part of backwards.reverse()) {
    if (part instanceof TnetPieces) {
      yield Buffer.concat(held);
      held = [];
      yield* counted(part);
    } else held.push(part);
  }
  yield Buffer.concat(held);
}

type Part = Buffer | TnetPieces;

function* counted({ length, read }: TnetPieces): Generator<Buffer, void, undefined> {
  let seen = 0;
  for (const piece of read()) {
    seen += piece.length;
    yield piece;
  }
  if (seen !== length) throw new RangeError(`a body has ${seen} bytes where ${length} were said`);
}

// From the last byte to the first: a length is known only after what it counts, and a body is copied once, not once a level.
function collect(value: TnetValue, backwards: Part[]): number {
  if (value instanceof Map) return collectList([...value].flat(), TnetTag.dictionary, backwards);
  if (Array.isArray(value)) return collectList(value as readonly TnetValue[], TnetTag.list, backwards);
  if (Buffer.isBuffer(value) || value instanceof TnetPieces)
    return collectPayload(value, TnetTag.bytes, backwards);
  if (typeof value === 'string') return collectPayload(Buffer.from(value, 'utf8'), TnetTag.text, backwards);
  if (value === null) return collectPayload(Buffer.alloc(0), TnetTag.null, backwards);
  if (typeof value === 'boolean')
    return collectPayload(Buffer.from(String(value)), TnetTag.boolean, backwards);
  if (typeof value === 'number') {
    const tag = Number.isSafeInteger(value) && !Object.is(value, -0) ? TnetTag.integer : TnetTag.float;
    return collectPayload(Buffer.from(numeral(value, tag === TnetTag.float)), tag, backwards);
  }
  if (value instanceof TnetFloat) {
    return collectPayload(Buffer.from(numeral(value.value, true)), TnetTag.float, backwards);
  }
  return collectList(Object.entries(value).flat(), TnetTag.dictionary, backwards);
}

function collectList(values: readonly TnetValue[], tag: number, backwards: Part[]): number {
  backwards.push(Buffer.of(tag));
  let size = 0;
  for (let i = values.length - 1; i >= 0; i--) size += collect(values[i]!, backwards);
  return size + 1 + collectLength(size, backwards);
}

function collectPayload(payload: Part, tag: number, backwards: Part[]): number {
  backwards.push(Buffer.of(tag), payload);
  return payload.length + 1 + collectLength(payload.length, backwards);
}

function collectLength(size: number, backwards: Part[]): number {
  const prefix = Buffer.from(`${size}:`);
  backwards.push(prefix);
  return prefix.length;
}

function numeral(value: number, float: boolean): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no place in a tnetstring`);
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return float && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}
