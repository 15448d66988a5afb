/** ASN.1 values as DER bytes (ITU-T X.690): only what a certificate needs. Every function returns one whole element. */

/** An element of any tag: tag, definite length (X.690 §10.1), content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(body.length)]), body]);
}

/** SEQUENCE of the elements given. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => element(0x30, ...items);

/** SET OF, its elements sorted by their encoding as X.690 §11.6 demands. */
export const set = (...items: readonly Uint8Array[]): Buffer =>
  element(0x31, ...items.toSorted(Buffer.compare));

/** BOOLEAN; true is 0xff (X.690 §11.1). */
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));

/** INTEGER from big-endian bytes of a number that is not negative, in the fewest bytes (X.690 §8.3.2). */
export function integer(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? Buffer.of(0) : magnitude.subarray(first);
  const signed = (significant[0] ?? 0) >= 0x80 ? [Buffer.of(0), significant] : [significant];
  return element(0x02, ...signed);
}

/** BIT STRING; `unusedBits` counts the padding bits at the end of the last byte, 0 to 7. */
export const bitString = (bytes: Uint8Array, unusedBits = 0): Buffer =>
  element(0x03, Buffer.of(unusedBits), bytes);

/** OCTET STRING. */
export const octetString = (bytes: Uint8Array): Buffer => element(0x04, bytes);

/** NULL. */
export const nothing = (): Buffer => element(0x05);

/** OBJECT IDENTIFIER from dotted decimals, `2.5.29.17` (X.690 §8.19). */
export function objectIdentifier(dotted: string): Buffer {
  const [root = 0, branch = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([root * 40 + branch, ...rest].flatMap(base128)));
}

/** UTF8String. */
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));

/** A time, epoch milliseconds cut to seconds: UTCTime to the end of 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/\.\d+Z$|[-:T]/g, '');
  return digits < '2050'
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`));
}

/** A constructed context tag, `[n] EXPLICIT`, or `[n] IMPLICIT` around a structure's content. */
export const context = (tag: number, ...content: readonly Uint8Array[]): Buffer =>
  element(0xa0 | tag, ...content);

/** A primitive context tag, `[n] IMPLICIT` over plain bytes. */
export const contextBytes = (tag: number, bytes: Uint8Array): Buffer => element(0x80 | tag, bytes);

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 0x80);
  }
  return bytes;
}
