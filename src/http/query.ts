import { isUtf8 } from 'node:buffer';

/** A path cut at its query; `query` is `undefined` without a `?` and `''` for a bare one. Both raw, a fragment dropped. */
export interface SplitPath {
  readonly path: string;
  readonly query: string | undefined;
}

/** Cuts a request path at the first `?`, percent sequences left as they are; what follows a `#` is dropped. */
export function splitPath(path: string): SplitPath {
  const hash = path.indexOf('#');
  const whole = hash === -1 ? path : path.slice(0, hash);
  const mark = whole.indexOf('?');
  if (mark === -1) return { path: whole, query: undefined };
  return { path: whole.slice(0, mark), query: whole.slice(mark + 1) };
}

/** The decoded pairs of a request path's query, in their order; `?a` is `?a=`, `;` does not separate. Never throws. */
export function parseQuery(path: string): Array<[name: string, value: string]> {
  return parsePairs(splitPath(path).query ?? '');
}

/** The decoded pairs of `application/x-www-form-urlencoded` text (WHATWG URL §5.1), empty ones left out. Never throws. */
export function parsePairs(text: string): Array<[name: string, value: string]> {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? [decodeComponent(pair), '']
        : [decodeComponent(pair.slice(0, equals)), decodeComponent(pair.slice(equals + 1))];
    });
}

/**
 * Decodes `+`, percent sequences and UTF-8; never throws.
 *
 * A percent sign that starts no sequence stays, and a byte that is no UTF-8 becomes its percent sequence (`%FF`) instead of
 * the replacement character, so that different bytes stay different.
 */
export function decodeComponent(text: string): string {
  if (!/[%+\u0080-\uffff]/.test(text)) return text;
  // Off the wire every character is one byte; text from elsewhere (an edited recording) can have wider ones.
  const bytes = /[\u0100-\uffff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
  return decodeUtf8(
    bytes
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_sequence, hex: string) => String.fromCharCode(parseInt(hex, 16))),
  );
}

/** The well-formed sequences of more than one byte (Unicode 16, table 3-7), else any single byte. */
const NON_ASCII = new RegExp(
  [
    '[\\xc2-\\xdf][\\x80-\\xbf]',
    '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
    '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
    '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
    '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
    '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
    '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
    '[\\x80-\\xff]',
  ].join('|'),
  'g',
);

/** Decodes bytes, given as Latin-1 text, as UTF-8; bytes that are none become percent sequences (`%FF`). */
export function decodeUtf8(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  return bytes.replace(NON_ASCII, (sequence) =>
    sequence.length === 1
      ? `%${sequence.charCodeAt(0).toString(16).toUpperCase()}`
      : Buffer.from(sequence, 'latin1').toString('utf8'),
  );
}
