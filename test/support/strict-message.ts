import { isFieldValue, isToken } from '../../src/http/headers';

/** One field line. */
export type Field = readonly [name: string, value: string];

/** A message as the strictest reader of RFC 9112 sees it; one character a byte in all text. */
export interface StrictMessage {
  /** Method, target and version, or version, status and reason. */
  readonly start: readonly [string, string, string];
  readonly headers: readonly Field[];
  readonly body: string;
  readonly trailers: readonly Field[];
  /** How the end of the body was told. */
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  /** Bytes that it takes up. */
  readonly length: number;
}

/** What a strict reader does not take. */
export class Malformed extends Error {}

/** The first request of `text`; undefined while it is not whole. @throws Malformed */
export function strictRequest(text: string): StrictMessage | undefined {
  const head = headOf(text, /^([^ ]+) ([\x21-\x7e\x80-\xff]+) (HTTP\/1\.[01])$/);
  if (head === undefined) return undefined;
  const [method, , version] = head.start;
  if (!isToken(method)) throw new Malformed(`the method ${JSON.stringify(method)}`);
  const hosts = valuesOf(head.headers, 'host').length;
  if (hosts > 1 || (hosts === 0 && version === 'HTTP/1.1')) throw new Malformed(`${hosts} Host lines`);
  const framing = framingOf(head.headers, version);
  return bodyOf(text, head, framing === 'close' ? 0 : framing);
}

/**
 * The first response of `text`, to a request of this method; undefined while it is not whole, which the end of the connection
 * may tell. @throws Malformed
 */
export function strictResponse(text: string, method: string, ended: boolean): StrictMessage | undefined {
  const head = headOf(text, /^(HTTP\/1\.[01]) ([1-9]\d\d) (.*)$/s);
  if (head === undefined) return undefined;
  const status = Number(head.start[1]);
  if (!isFieldValue(head.start[2])) throw new Malformed(`the reason ${JSON.stringify(head.start[2])}`);
  const framing = framingOf(head.headers, head.start[0]);
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return bodyOf(text, head, 0);
  if (framing !== 'close') return bodyOf(text, head, framing);
  return ended
    ? { ...head, body: text.slice(head.length), trailers: [], framing, length: text.length }
    : undefined;
}

/** The values of all lines of that name. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

type Head = Pick<StrictMessage, 'start' | 'headers' | 'length'>;

function headOf(text: string, startLine: RegExp): Head | undefined {
  const end = text.indexOf('\r\n\r\n');
  // What is wrong in a head shows before it is whole: no line end but CR LF.
  const part = end < 0 ? text.replace(/\r$/, '') : text.slice(0, end);
  const [first = '', ...lines] = part.split('\r\n');
  for (const line of [first, ...lines]) if (/[\r\n\0]/.test(line)) throw new Malformed(JSON.stringify(line));
  if (end < 0) return undefined;
  const [, a, b, c] = startLine.exec(first) ?? [];
  if (a === undefined || b === undefined || c === undefined) throw new Malformed(JSON.stringify(first));
  return { start: [a, b, c], headers: lines.map(fieldOf), length: end + 4 };
}

function fieldOf(line: string): Field {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
  if (!isToken(name) || !isFieldValue(value)) throw new Malformed(`the field ${JSON.stringify(line)}`);
  return [name, value];
}

function framingOf(headers: readonly Field[], version: string): number | 'chunked' | 'close' {
  const codings = valuesOf(headers, 'transfer-encoding');
  const lengths = valuesOf(headers, 'content-length');
  if (codings.length + lengths.length > 1) throw new Malformed('two framings');
  const [coding] = codings;
  const [length] = lengths;
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked') throw new Malformed(`the coding ${JSON.stringify(coding)}`);
    if (version === 'HTTP/1.0') throw new Malformed('a coding on HTTP/1.0');
    return 'chunked';
  }
  if (length === undefined) return 'close';
  if (!/^(?:0|[1-9]\d*)$/.test(length) || !Number.isSafeInteger(Number(length)))
    throw new Malformed(`the length ${JSON.stringify(length)}`);
  return Number(length);
}

function bodyOf(text: string, head: Head, framing: number | 'chunked'): StrictMessage | undefined {
  if (framing === 'chunked') return chunkedOf(text, head);
  const length = head.length + framing;
  if (text.length < length) return undefined;
  const told = valuesOf(head.headers, 'content-length').length > 0 ? 'length' : 'none';
  return { ...head, body: text.slice(head.length, length), trailers: [], framing: told, length };
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** Size and extensions (RFC 9112 §7.1.1), without the white space that is only there for bad senders. */
const CHUNK = new RegExp(
  `^([0-9A-Fa-f]+)(?:;${TOKEN}(?:=(?:${TOKEN}|"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"))?)*$`,
);

function chunkedOf(text: string, head: Head): StrictMessage | undefined {
  let body = '';
  for (let at = head.length; ;) {
    const end = text.indexOf('\r\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    if (/\n|\r./s.test(line)) throw new Malformed(`a bare line end in ${JSON.stringify(line)}`);
    if (end < 0) return undefined;
    const digits = CHUNK.exec(line)?.[1];
    if (digits === undefined) throw new Malformed(`the chunk ${JSON.stringify(line)}`);
    const size = Number.parseInt(digits, 16);
    const start = end + 2;
    if (size === 0) {
      const isBare = text.startsWith('\r\n', start);
      const last = isBare ? start : text.indexOf('\r\n\r\n', start);
      if (last < 0 || text.length < start + 2) return undefined;
      const trailers = isBare ? [] : text.slice(start, last).split('\r\n').map(fieldOf);
      return { ...head, body, trailers, framing: 'chunked', length: last + (isBare ? 2 : 4) };
    }
    if (text.length < start + size + 2) return undefined;
    if (!text.startsWith('\r\n', start + size)) throw new Malformed('a chunk without its end');
    body += text.slice(start, start + size);
    at = start + size + 2;
  }
}
