import { createHash } from 'node:crypto';
import { decodeUtf8 } from './query';

/** A field that was typed or chosen. */
export interface FormValue {
  readonly name: string;
  readonly value: string;
}

/** A file that was attached; `digest` is the SHA-256 of its bytes in lower-case hex. */
export interface FormFile {
  readonly name: string;
  readonly fileName: string;
  readonly contentType?: string;
  readonly digest: string;
}

/** One field of a submitted form; `'digest' in field` tells files from values. */
export type FormField = FormValue | FormFile;

/** More fields than any form has; a body with more is not taken for one. */
export const MOST_FIELDS = 10_000;

/** RFC 2046 §5.1.1 */
const LONGEST_BOUNDARY = 70;
/** Bytes of one part's header lines; a part with more is malformed. */
const LONGEST_PART_HEAD = 16 * 1024;

const CR = 0x0d;
const LF = 0x0a;

interface Delimiter {
  /** Where the part before it ends, its line break not included. */
  readonly contentEnd: number;
  /** Where the part after it starts. */
  readonly nextStart: number;
  readonly isClosing: boolean;
}

/** A part and where its content lies in the body. */
export interface Part {
  readonly field: FormField;
  readonly start: number;
  readonly end: number;
}

/** The fields of a `multipart/form-data` body, as `multipartParts` finds them. */
export function parseMultipart(body: Buffer, contentType: string): FormField[] | undefined {
  return multipartParts(body, contentType)?.map(({ field }) => field);
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578) in their order, `undefined` if it is malformed: no boundary, no
 * closing delimiter, a part without a name, too many parts. Line feeds without carriage returns are taken too. Never throws.
 */
export function multipartParts(body: Buffer, contentType: string): Part[] | undefined {
  const boundary = parametersOf(contentType).get('boundary') ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return undefined;
  const parts: Part[] = [];
  let start: number | undefined;
  for (const { contentEnd, nextStart, isClosing } of delimiters(body, `--${boundary}`)) {
    if (start !== undefined) {
      const end = Math.max(start, contentEnd);
      const part = readPart(body.subarray(start, end));
      if (part === undefined || parts.length === MOST_FIELDS) return undefined;
      parts.push({ field: part.field, start: start + part.headLength, end });
    }
    if (isClosing) return parts;
    start = nextStart;
  }
  return undefined;
}

/** Every line that is a delimiter; one that only begins like it is content. */
function* delimiters(body: Buffer, dashBoundary: string): Generator<Delimiter> {
  const needle = Buffer.from(dashBoundary, 'latin1');
  let at = body.indexOf(needle);
  for (; at !== -1; at = body.indexOf(needle, at + 1)) {
    if (at !== 0 && body[at - 1] !== LF) continue;
    let end = at + needle.length;
    const isClosing = body[end] === 0x2d && body[end + 1] === 0x2d;
    if (isClosing) end += 2;
    while (body[end] === 0x20 || body[end] === 0x09) end += 1;
    if (body[end] === CR && body[end + 1] === LF) end += 1;
    if (body[end] !== LF && !(isClosing && end === body.length)) continue;
    yield { contentEnd: at - (body[at - 2] === CR ? 2 : 1), nextStart: end + 1, isClosing };
  }
}

function readPart(part: Buffer): { field: FormField; headLength: number } | undefined {
  const head = headOf(part);
  if (head === undefined) return undefined;
  const disposition = parametersOf(head.headers.get('content-disposition') ?? '');
  const name = disposition.get('name') ?? disposition.get('name*');
  if (name === undefined) return undefined;
  const content = part.subarray(head.length);
  const fileName = disposition.get('filename') ?? disposition.get('filename*');
  const headLength = head.length;
  if (fileName === undefined)
    return { field: { name, value: decodeUtf8(content.toString('latin1')) }, headLength };
  const contentType = head.headers.get('content-type');
  const digest = createHash('sha256').update(content).digest('hex');
  const field = { name, fileName, ...(contentType === undefined ? {} : { contentType }), digest };
  return { field, headLength };
}

/** The header lines up to the empty one, names in lower case, and how many bytes they are with it. */
function headOf(part: Buffer): { headers: Map<string, string>; length: number } | undefined {
  const text = part.toString('latin1', 0, LONGEST_PART_HEAD);
  const blank = /^\r?\n|\r?\n\r?\n/.exec(text);
  if (blank === null) return undefined;
  const headers = new Map<string, string>();
  for (const line of text.slice(0, blank.index).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon !== -1) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, length: blank.index + blank[0].length };
}

/**
 * The parameters after the first semicolon, names in lower case, the first of a name counts. In quotes only `\"` is an
 * escape: file names with backslashes in them come unescaped.
 */
function parametersOf(value: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const pattern = /;[ \t]*([a-z*]+)[ \t]*=[ \t]*(?:"((?:\\"|[^"])*)"|([^;"\s]*))/gi;
  for (const [, name = '', quoted, token = ''] of value.matchAll(pattern)) {
    const key = name.toLowerCase();
    const text = decodeUtf8(quoted === undefined ? token : quoted.replaceAll('\\"', '"'));
    if (!parameters.has(key)) parameters.set(key, text);
  }
  return parameters;
}
