/** One DER element as read: `bytes` is the whole of it, `content` without tag and length. */
export interface DerElement {
  readonly tag: number;
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/**
 * Splits DER bytes into the elements that stand in them one after the other (ITU-T X.690 §8.1).
 * Throws a RangeError when an element runs past the end.
 */
export function readElements(der: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < der.length;) {
    const { tag, contentStart, end } = readHead(der, start);
    if (end > der.length) throw new RangeError('DER element runs past the end');
    elements.push({ tag, bytes: der.subarray(start, end), content: der.subarray(contentStart, end) });
    start = end;
  }
  return elements;
}

/** Reads bytes that must hold exactly one element. Throws a RangeError otherwise. */
export function readElement(der: Buffer): DerElement {
  const [only, ...others] = readElements(der);
  if (!only || others.length > 0) throw new RangeError('expected one DER element');
  return only;
}

function readHead(der: Buffer, start: number): { tag: number; contentStart: number; end: number } {
  const tag = der.readUInt8(start);
  const first = der.readUInt8(start + 1);
  if (first < 0x80) return { tag, contentStart: start + 2, end: start + 2 + first };
  const lengthSize = first & 0x7f;
  const contentStart = start + 2 + lengthSize;
  return { tag, contentStart, end: contentStart + der.readUIntBE(start + 2, lengthSize) };
}
