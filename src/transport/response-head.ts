import { HttpHeaders } from '../http/headers';
import { isLength } from './request-framing';

/** The head of a response as it stood in the bytes of an HTTP/1 connection. */
export interface ResponseHead {
  readonly status: number;
  /** One character a byte. */
  readonly reason: string;
  readonly httpVersion: '1.0' | '1.1';
  readonly headers: HttpHeaders;
}

/** Where the body of a response ends (RFC 9112 §6.3): at once, after so many bytes, with the last chunk, or with the connection. */
export type ResponseFraming = 'none' | { readonly length: number } | 'chunked' | 'close';

/** What a server sent cannot be read as a response; the message goes behind its name. */
export class UnfitResponse extends Error {}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\r\n]*))?$/;
const OTHER_PROTOCOL = /^((?!HTTP\/1\.[01])[A-Z]{3,4}\/\d\.\d) \d{3}(?: |$)/;
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Whole field lines, without folding: one that begins with a space has no name. */
const FIELD_LINES = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*$/;

/** Reads a status line and the field lines behind it, each with its line break, the empty line left out; one character a byte. */
export function readHead(block: string): ResponseHead {
  const end = block.indexOf('\r\n');
  const line = block.slice(0, end);
  const parts = STATUS_LINE.exec(line);
  if (!parts) {
    const other = OTHER_PROTOCOL.exec(line)?.[1];
    throw noResponse(
      other === undefined ? ': it does not begin with a status line' : `, but one of ${other}`,
    );
  }
  const [, minor, digits, reason = ''] = parts;
  if (!REASON.test(reason)) throw noResponse(': its reason phrase holds a control character');
  const headers = readFields(block.slice(end + 2));
  return { status: Number(digits), reason, httpVersion: minor === '1' ? '1.1' : '1.0', headers };
}

/** Reads field lines, each with its line break; white space around a value is none of it (RFC 9112 §5). */
export function readFields(lines: string): HttpHeaders {
  if (!FIELD_LINES.test(lines)) throw noResponse(': its header block is malformed or contradicts itself');
  const raw: string[] = [];
  for (let at = 0; at < lines.length;) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    raw.push(lines.slice(at, colon), trimmed(lines, colon + 1, end));
    at = end + 2;
  }
  return HttpHeaders.fromRaw(raw);
}

/** How the end of a response to a request of this method is told; refused is what different readers could read differently. */
export function framingOf({ status, headers, httpVersion }: ResponseHead, method: string): ResponseFraming {
  const lengths = headers.getAll('content-length');
  const coding = headers.folded('transfer-encoding');
  if (lengths.length > 1) throw noResponse(': its header block is malformed or contradicts itself');
  if (lengths.some((length) => !isLength(length)))
    throw noResponse(': its Content-Length is no plain decimal number');
  if (coding !== undefined) {
    if (lengths.length > 0) throw noResponse(": Content-Length can't be present with Transfer-Encoding");
    // RFC 9112 §6.1: the framing of such a message is faulty.
    if (httpVersion === '1.0') throw new UnfitResponse('sent a response of HTTP/1.0 with a transfer coding');
    if (coding.toLowerCase() !== 'chunked')
      throw new UnfitResponse(`sent a response in a transfer coding that is not read here: ${coding}`);
  }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none';
  if (coding !== undefined) return 'chunked';
  return lengths.length > 0 ? { length: Number(lengths[0]) } : 'close';
}

/** The refusal of bytes that are no response of HTTP/1. */
export function noResponse(why: string): UnfitResponse {
  return new UnfitResponse(`sent what is no HTTP/1.1 response${why}`);
}

function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
