import { isUtf8 } from 'node:buffer';

const SHORTEST = 16;
const LONGEST = 4096;
const UUID = /^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i;
const HEX = /^(?:[0-9a-f]+|[0-9A-F]+)$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Whether it is a UUID (RFC 9562 §4). */
export function isUuid(text: string): boolean {
  return text.length <= 38 && UUID.test(text) && /[1-9a-f]/i.test(text);
}

/**
 * Whether it looks drawn at random: a UUID, or at least 16 characters of hex, base64 or base64url that are no words, no number and no
 * encoded text. Where each character is drawn alone, letters and digits take turns far more often than in names.
 */
export function looksRandom(text: string): boolean {
  if (text.length < SHORTEST || text.length > LONGEST) return false;
  if (isUuid(text)) return true;
  if (!BASE64.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  if (new Set(text).size < 8) return false;
  if (HEX.test(text)) return true;
  const letters = text.replace(/[+/_=-]/g, '');
  if (letters.length < (text.length * 3) / 4) return false;
  const isMixed = /[a-z]/.test(letters) && /[A-Z]/.test(letters);
  return turns(letters) >= (isMixed ? 0.4 : 0.3) * (letters.length - 1) && !isEncodedText(text);
}

/** How often the next character is of another kind: lower case, upper case, digit. */
function turns(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i += 1) {
    if (kindOf(text.charCodeAt(i)) !== kindOf(text.charCodeAt(i - 1))) count += 1;
  }
  return count;
}

function kindOf(code: number): number {
  return code >= 0x61 ? 0 : code >= 0x41 ? 1 : 2;
}

/** Base64 of readable text says the same each time. */
function isEncodedText(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return (
    isUtf8(bytes) && bytes.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
  );
}
