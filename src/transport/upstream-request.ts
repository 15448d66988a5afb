import { UpstreamError } from '../errors';
import { formatAuthority } from '../http/authority';
import { type HeaderPair, HttpHeaders, isToken } from '../http/headers';
import { connectionOptions, HOP_BY_HOP } from '../http/hop-by-hop';
import type { HttpRequest } from '../http/request';
import { trailersOf } from './response-framing';
import { protocolsOf } from './switchable';
import { readableExtensions, webSocketKey } from './web-socket-handshake';

/** How the end of a request's content is told: by a length, by a last chunk, or not at all because there is none. */
export type Framing = { readonly length: string } | 'chunked' | 'none';

/** A request as upstream gets it. */
export interface OutgoingRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly origin: string;
  readonly path: string;
  /** What goes further than one hop, `Host` among it. */
  readonly headers: readonly HeaderPair[];
  /** Null for no content. */
  readonly body: Buffer | AsyncIterable<Buffer> | null;
  /** Bytes that an iterable body is said to have; undefined for one that must go in chunks. */
  readonly length: number | undefined;
  /** It changes nothing and has no content (RFC 9110 §9.2.1), so that it may be sent again when the connection was stale. */
  readonly repeatable: boolean;
  /** The connection ends with its response, and it says so: behind a response to HEAD some servers send what would be taken for the next one. */
  readonly closes: boolean;
  /** The client waits for 100 before it sends the content, a stream that nobody has begun to read (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** The trailer lines; those of a streamed body are there at its end. */
  trailers(): readonly HeaderPair[];
  /** The protocols that upstream may change to, in order; none unless told. */
  readonly protocols: readonly string[];
  /** Request line and header block, one character a byte; of a chunked one without the empty line at its end. */
  head(framing: Framing): string;
}

/** `Expect` is answered here, unless the content has yet to be asked for. */
const UNSENT = new Set([...HOP_BY_HOP, 'expect', 'http2-settings']);
/** What a `Connection` header may not take away: without them the message is another one. */
const NEEDED = new Set(['host', 'content-length']);
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const PATH = /^(?:\*|(?:\/|https?:\/\/)[\x21-\x7e\x80-\xff]*)$/;

/**
 * Makes the HTTP/1.1 message for upstream: header lines keep case, order and duplicates, only hop-by-hop ones go (RFC 9110 §7.6.1);
 * `mayUpgrade` lets the request ask for other protocols.
 * @throws UpstreamError for what cannot be written as one unambiguous message.
 */
export function outgoingRequest(request: HttpRequest, mayUpgrade = false): OutgoingRequest {
  const { method, path, body } = request;
  const protocols = mayUpgrade && body.length === 0 ? protocolsOf(request.headers) : [];
  const refuse = (problem: string) =>
    new UpstreamError(`the request for ${request.origin} cannot be sent on: ${problem}`);
  if (!isToken(method) || method === 'CONNECT')
    throw refuse(`${JSON.stringify(method)} is no method to forward`);
  if (!PATH.test(path)) {
    throw refuse('its path must begin with / and hold no white space, control or wide character');
  }
  const isWebSocket = protocols.length > 0 && webSocketKey(request) !== undefined;
  const expectsContinue =
    body.kind === 'stream' &&
    request.httpVersion !== '1.0' &&
    request.headers.get('expect')?.trim().toLowerCase() === '100-continue';
  const headers = endToEnd(request.headers, { protocols, expectsContinue, isWebSocket });
  try {
    new HttpHeaders(headers);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  const hosts = headers.filter(([name]) => name.length === 4 && name.toLowerCase() === 'host').length;
  if (hosts > 1) throw refuse('it has two Host headers');
  if (hosts === 0) {
    const own = request.scheme === 'https' ? 443 : 80;
    headers.unshift(['Host', formatAuthority(request.host, request.port, own)]);
  }
  const lengths = new Set(request.headers.getAll('content-length').map(lengthOf));
  if (body.kind === 'stream' && (lengths.size > 1 || lengths.has(undefined))) {
    throw refuse('its Content-Length headers are malformed or contradict each other');
  }
  const isEmpty = body.length === 0;
  const closes = method === 'HEAD';
  const mayHaveTrailers =
    request.trailers.size > 0 || (body.kind === 'stream' && request.headers.has('trailer'));
  return {
    method,
    scheme: request.scheme,
    origin: request.origin,
    path,
    headers,
    body: isEmpty ? null : body.kind === 'memory' && !mayHaveTrailers ? body.bytesSync() : body.chunks(),
    // Trailers go with chunks only (RFC 9112 §7.1.2).
    length: mayHaveTrailers ? undefined : (body.length ?? [...lengths][0]),
    repeatable: isEmpty && SAFE.has(method),
    closes,
    expectsContinue,
    trailers: () => trailersOf(request),
    protocols,
    head: (framing) =>
      `${method} ${path} HTTP/1.1\r\n${framed(headers, framing, closes)}${framing === 'chunked' ? '' : '\r\n'}`,
  };
}

interface Passing {
  readonly protocols: readonly string[];
  readonly expectsContinue: boolean;
  readonly isWebSocket: boolean;
}

function endToEnd(headers: HttpHeaders, { protocols, expectsContinue, isWebSocket }: Passing): HeaderPair[] {
  const named = new Set(connectionOptions(headers).filter((name) => !NEEDED.has(name)));
  const upgrading = new Set(protocols.length > 0 ? ['upgrade', 'connection'] : []);
  const passing: HeaderPair[] = [];
  for (const pair of headers) {
    const name = pair[0].toLowerCase();
    const isUnsent = UNSENT.has(name) && !(expectsContinue && name === 'expect');
    // Where the first line of each stood.
    if (upgrading.delete(name))
      passing.push([pair[0], name === 'upgrade' ? protocols.join(', ') : 'Upgrade']);
    else if (isUnsent || name.startsWith('proxy-') || named.has(name)) continue;
    else if (!isWebSocket || name !== 'sec-websocket-extensions') passing.push(pair);
    else {
      // A WebSocket's extension is an agreement with who reads its frames, which is us.
      const readable = readableExtensions(pair[1]);
      if (readable !== '') passing.push([pair[0], readable]);
    }
  }
  if (takesTrailers(headers)) passing.push(['TE', 'trailers']);
  return passing;
}

function takesTrailers(headers: HttpHeaders): boolean {
  const codings = headers.folded('te')?.split(',') ?? [];
  return codings.some((coding) => coding.trim().toLowerCase() === 'trailers');
}

function lengthOf(value: string): number | undefined {
  const length = /^\d+$/.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(length) ? length : undefined;
}

/** The lines with exactly one framing; a Content-Length stays where it stood. */
function framed(headers: readonly HeaderPair[], framing: Framing, close: boolean): string {
  let length = framing === 'chunked' ? undefined : framing === 'none' ? '0' : framing.length;
  let lines = '';
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === 'trailer' && framing !== 'chunked') continue;
    if (key !== 'content-length') lines += `${name}: ${value}\r\n`;
    else if (length !== undefined) {
      lines += `${name}: ${length}\r\n`;
      length = undefined;
    }
  }
  if (headers.some(([name]) => name === 'TE')) lines += 'Connection: TE\r\n';
  if (framing === 'chunked') lines += 'Transfer-Encoding: chunked\r\n';
  else if (framing !== 'none' && length !== undefined) lines += `Content-Length: ${length}\r\n`;
  if (close) lines += 'Connection: close\r\n';
  return lines;
}
