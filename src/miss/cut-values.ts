/** Characters that a value may have before it is cut. */
const LONGEST = 80;
const HEAD = 24;
const TAIL = 16;
const BEFORE = 8;
const AFTER = 28;

/** Two values that differ, fit for one line each: long ones are cut in the middle, and the place where they part stays visible. */
export function cutValues(
  a: string | undefined,
  b: string | undefined,
): [string | undefined, string | undefined] {
  const parting = a === undefined || b === undefined ? 0 : commonPrefix(a, b);
  return [cut(a, parting), cut(b, parting)];
}

/** A text of at most `most` characters: of a longer one the middle is gone. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${whole(text, 0, half)}…${whole(text, text.length - half, text.length)}`;
}

function cut(value: string | undefined, parting: number): string | undefined {
  if (value === undefined || value.length <= LONGEST) return value;
  const head = whole(value, 0, HEAD);
  if (parting <= HEAD - BEFORE) return `${head}…${whole(value, value.length - AFTER - TAIL, value.length)}`;
  const from = Math.max(HEAD, parting - BEFORE);
  const to = Math.min(value.length, parting + AFTER);
  const middle = `${from > HEAD ? '…' : ''}${whole(value, from, to)}`;
  if (to >= value.length - TAIL) return `${head}${middle}${whole(value, to, value.length)}`;
  return `${head}${middle}…${whole(value, value.length - TAIL, value.length)}`;
}

/** A stretch of a text that halves no surrogate pair. */
function whole(text: string, from: number, to: number): string {
  const start = isLowHalf(text.charCodeAt(from)) ? from + 1 : from;
  return text.slice(start, isLowHalf(text.charCodeAt(to)) ? to - 1 : to);
}

function isLowHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}
