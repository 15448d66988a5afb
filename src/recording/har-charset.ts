import type { HttpHeaders } from '../http/headers';
import { remembered } from '../http/remembered';

/** What an entry tells of the bytes that its text came from. */
export interface TextHints {
  readonly contentType: string;
  /** Bytes of the decoded body, as tools may have counted them. */
  readonly sizes: readonly number[];
  /** We wrote the entry: a text of the size that is told stands for its own UTF-8, whatever the head says. */
  readonly own: boolean;
}

/** How a text of a HAR becomes bytes again. */
export interface TextBytes {
  readonly encoding: 'utf8' | 'latin1';
  /** The bytes are UTF-8, and a reader would take them for something else. */
  readonly misnamed: boolean;
}

const CHARSET = /(;\s*charset\s*=\s*)("[^"]*"|[^\s;"]+)/gi;
const LATIN1 = /^(?:iso-?8859-1|latin-?1|windows-1252|us-ascii)$/;
const UTF8 = /^(?:utf-?8|unicode-1-1-utf-8|us-ascii|ascii)$/;
const WIDE = /^(?:utf-?(?:16|32)|ucs-?[24]|unicode$)/;
/** In how many characters browsers look for a charset. */
const PRESCANNED = 1024;

/** The bytes that a text came from where the size proves them, else UTF-8: HAR holds what a tool made of charsets that it knew. */
export function bytesOfText(text: string, { contentType, sizes, own }: TextHints): TextBytes {
  const length = Buffer.byteLength(text, 'utf8');
  const declared = charsetIn(contentType);
  if (length === text.length) {
    const isWide = declared !== undefined && WIDE.test(declared) && text !== '' && !text.includes('\0');
    return { encoding: 'utf8', misnamed: isWide && !(own && sizes.includes(length)) };
  }
  const isCounted = sizes.includes(length);
  // eslint-disable-next-line no-control-regex -- every character that one byte can stand for
  if (!isCounted && /^[\x00-\xff]*$/.test(text)) {
    const saysLatin1 = declared !== undefined && LATIN1.test(declared);
    if (sizes.includes(text.length) || saysLatin1) return { encoding: 'latin1', misnamed: false };
  }
  const read = declared ?? charsetInside(text, contentType);
  return { encoding: 'utf8', misnamed: read !== undefined && !UTF8.test(read) && !(own && isCounted) };
}

/** Makes Content-Type say UTF-8, the rest of it byte for byte. */
export function nameUtf8(headers: HttpHeaders): void {
  headers.rewrite((name, value) => {
    if (name.toLowerCase() !== 'content-type') return value;
    return charsetIn(value) === undefined
      ? `${value}; charset=utf-8`
      : value.replace(CHARSET, (_, before: string) => `${before}utf-8`);
  });
}

const charsetIn = remembered((contentType: string): string | undefined => {
  const [, , charset] = [...contentType.matchAll(CHARSET)][0] ?? [];
  return charset?.replace(/["']/g, '').toLowerCase() || undefined;
}, 100);

/** What a browser goes by when the head names no charset. */
function charsetInside(text: string, contentType: string): string | undefined {
  const start = text.slice(0, PRESCANNED);
  const found = /\b(?:html|xml)\b/i.test(contentType)
    ? (/^\s*<\?xml\s[^>]*\bencoding\s*=\s*["']([\w.:-]+)/i.exec(start) ??
      /<meta\s[^>]*\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start))
    : /\bcss\b/i.test(contentType)
      ? /^@charset "([\w.:-]+)"/.exec(start)
      : undefined;
  return found?.[1]?.toLowerCase();
}
