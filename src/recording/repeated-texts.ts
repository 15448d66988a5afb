const LONGEST = 48;
const SLOTS = 256;

/**
 * Makes text of bytes, a character each; short text that came lately is not made again. Methods, hosts and names of header fields are the same
 * in thousands of entries.
 */
export class RepeatedTexts {
  readonly #slots = new Array<string>(SLOTS).fill('');

  latin1(bytes: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('latin1', from, to);
    const slot = (length * 37 + bytes[from]! * 7 + bytes[to - 1]!) % SLOTS;
    const known = this.#slots[slot]!;
    if (known.length === length && isSpelledAt(bytes, from, known)) return known;
    return (this.#slots[slot] = bytes.toString('latin1', from, to));
  }
}

/** Whether the bytes from `at` on are the characters of `text`, a byte each. */
export function isSpelledAt(bytes: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
