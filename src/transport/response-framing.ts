import type { HeaderPair, HttpHeaders } from '../http/headers';
import { connectionOptions, HOP_BY_HOP } from '../http/hop-by-hop';
import type { HttpResponse } from '../http/response';

/** What the framing of a response depends on beside the response. */
export interface ResponseContext {
  /** Of the request. */
  readonly method: string;
  /** The client's. */
  readonly httpVersion: string;
  /** The client can take another response on this connection. */
  readonly keepAlive: boolean;
}

/** How a client learns where the body ends (RFC 9112 §6.3). */
export type BodyEnd =
  | /** No body at all, whatever the headers say. */ { readonly kind: 'none' }
    /** After this many bytes. */
  | { readonly kind: 'length'; readonly length: number }
  /** With the last chunk; in HTTP/2 with the last frame. */
  | { readonly kind: 'chunked' }
  /** With the connection. */
  | { readonly kind: 'close' };

/** A response made ready for one client. */
export interface FramedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderPair[];
  readonly end: BodyEnd;
  /** The connection ends with this response. */
  readonly closes: boolean;
}

/** What a `Connection` header cannot take away beside the framing: without it the message is another one. */
const ESSENTIAL = new Set(['content-type', 'content-encoding']);
/** Fields that mean something only in the head (RFC 9110 §6.5.1). */
const HEAD_ONLY = new Set([
  'content-length',
  'transfer-encoding',
  'host',
  'trailer',
  'connection',
  'content-encoding',
]);

/**
 * Frames a response anew from its body, the request's method and the client's version; case, order and duplicates of all other
 * lines stay. HEAD and 304 keep their Content-Length.
 */
export function frameResponse(response: HttpResponse, context: ResponseContext): FramedResponse {
  const isHttp2 = context.httpVersion === '2.0';
  const end = endOf(response, context);
  const closes = !context.keepAlive || end.kind === 'close';
  const isChunked = end.kind === 'chunked' && !isHttp2;
  const headers = endToEnd(response, {
    'content-length': lengthLine(response, end, isHttp2),
    'transfer-encoding': isChunked ? 'chunked' : undefined,
    mayHaveTrailers: end.kind === 'chunked' || (isHttp2 && end.kind !== 'none'),
  });
  if (isChunked && response.trailers.size > 0 && !response.headers.has('trailer'))
    headers.push(['Trailer', [...new Set(trailersOf(response).map(([name]) => name))].join(', ')]);
  if (closes) headers.push(['Connection', 'close']);
  else if (context.httpVersion === '1.0') headers.push(['Connection', 'keep-alive']);
  return { status: response.status, reason: response.reason, headers, end, closes };
}

/** The trailer lines that may be sent. */
export function trailersOf({ trailers }: { readonly trailers: HttpHeaders }): HeaderPair[] {
  return [...trailers].filter(([name]) => !HEAD_ONLY.has(name.toLowerCase()));
}

function endOf(response: HttpResponse, { method, httpVersion }: ResponseContext): BodyEnd {
  const { status, headers, body, trailers } = response;
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'none' };
  // Node sends no body with it over HTTP/2, and there should be none (RFC 9110 §15.3.6).
  if (status === 205 && httpVersion === '2.0') return { kind: 'none' };
  const needsChunks = httpVersion === '1.1' && (trailers.size > 0 || headers.has('trailer'));
  const length = body.kind === 'stream' ? declaredLength(headers) : body.length;
  if (length !== undefined && !needsChunks) return { kind: 'length', length };
  return { kind: httpVersion === '1.0' ? 'close' : 'chunked' };
}

/** The one length that the headers agree on. */
function declaredLength(headers: HttpHeaders): number | undefined {
  const [first, ...others] = new Set(headers.getAll('content-length').map((value) => value.trim()));
  if (first === undefined || others.length > 0 || !/^\d{1,15}$/.test(first)) return undefined;
  return headers.has('transfer-encoding') ? undefined : Number(first);
}

function lengthLine(response: HttpResponse, end: BodyEnd, isHttp2: boolean): string | undefined {
  // What is all head ends with its frame in HTTP/2; to clients of gRPC that head is trailers, and a length there is metadata.
  if (end.kind === 'length' && end.length === 0 && isHttp2 && !response.headers.has('content-length'))
    return undefined;
  if (end.kind === 'length') return String(end.length);
  if (end.kind !== 'none' || response.status === 204 || response.status < 200) return undefined;
  return declaredLength(response.headers)?.toString();
}

/** The lines that say where the body ends, as they are to be; undefined: not at all. */
interface FramingLines {
  readonly 'content-length': string | undefined;
  readonly 'transfer-encoding': string | undefined;
  readonly mayHaveTrailers: boolean;
}

/** The lines that are the client's to see, those of the framing where the first of each name stood, or at the end. */
function endToEnd({ headers, status }: HttpResponse, framing: FramingLines): HeaderPair[] {
  const named = connectionOptions(headers);
  const lines: HeaderPair[] = [];
  let hasLength = framing['content-length'] === undefined;
  let hasCoding = framing['transfer-encoding'] === undefined;
  for (const pair of headers) {
    const key = pair[0].toLowerCase();
    if (key === 'content-length') {
      if (!hasLength) lines.push([pair[0], framing[key]!]);
      hasLength = true;
    } else if (key === 'transfer-encoding') {
      if (!hasCoding) lines.push([pair[0], framing[key]!]);
      hasCoding = true;
    } else if (key === 'trailer') {
      if (framing.mayHaveTrailers) lines.push(pair);
    } else if (key.startsWith('proxy-')) {
      if (key === 'proxy-authenticate' && status === 407) lines.push(pair);
    } else if (!HOP_BY_HOP.has(key) && (!named.includes(key) || ESSENTIAL.has(key))) lines.push(pair);
  }
  if (!hasLength) lines.push(['Content-Length', framing['content-length']!]);
  if (!hasCoding) lines.push(['Transfer-Encoding', framing['transfer-encoding']!]);
  return lines;
}
