import { Body } from '../http/body';
import { HttpHeaders, isFieldValue, isToken, type HeaderPair } from '../http/headers';
import { HttpRequest } from '../http/request';
import { HttpResponse } from '../http/response';
import type { Warn } from './har-headers';
import { isHost, sendablePath } from './har-target';
import { quoted } from './json-value';
import { DumpFields, fieldTable } from './mitmproxy-fields';
import { millisecondsOf } from './mitmproxy-times';
import type { RecordingFile } from './recording-file';
import type { TnetCursor } from './tnetstring-cursor';

/** The file and the place in it where a record's bytes come from, and who is told about lines that were left out. */
export interface Origin {
  readonly file: RecordingFile;
  readonly base: number;
  readonly warn: Warn;
}

const MESSAGE = [
  'http_version',
  'headers',
  'content',
  'trailers',
  'timestamp_start',
  'timestamp_end',
] as const;
const OLDER = { body: 'content', httpversion: 'http_version' } as const;
const REQUEST = fieldTable([...MESSAGE, 'host', 'port', 'method', 'scheme', 'authority', 'path'], OLDER);
const RESPONSE = fieldTable([...MESSAGE, 'status_code', 'reason'], {
  ...OLDER,
  code: 'status_code',
  msg: 'reason',
});

/** What a dump knows of a message; without `stored` its content passed while recording and was not kept. */
export interface DumpMessage<T> {
  readonly message: T;
  readonly stored: boolean;
}

/**
 * The request of an HTTP record; undefined for a CONNECT, which is no exchange of its own.
 * @throws SyntaxError when a field that it needs is missing or malformed.
 */
export function requestFrom(cursor: TnetCursor, origin: Origin): DumpMessage<HttpRequest> | undefined {
  const fields = new DumpFields('request', cursor, REQUEST);
  const method = fields.requiredText('method');
  if (method.toUpperCase() === 'CONNECT') return undefined;
  if (!isToken(method)) throw new SyntaxError('request.method is no token');
  const scheme = fields.requiredText('scheme');
  if (scheme !== 'http' && scheme !== 'https')
    throw new SyntaxError('request.scheme is neither http nor https');
  const port = fields.requiredNumber('port');
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new SyntaxError('request.port is no port');
  const host = fields.requiredText('host').replace(/^\[(.*)\]$/, '$1');
  if (!isHost(host)) throw new SyntaxError('request.host is no host name or address');
  const httpVersion = versionOf(fields);
  const content = fields.span('content', origin.base);
  const headers = headersFrom(fields.requiredInside('headers'), 'request', origin.warn);
  return {
    message: frozen(
      new HttpRequest({
        method,
        scheme,
        host,
        port,
        path: sendablePath(fields.requiredText('path')) || '/',
        httpVersion,
        headers: withAuthority(headers, httpVersion, fields.text('authority')),
        body: content ? origin.file.body(content.offset, content.length) : Body.empty,
        ...trailersAndTimes(fields, undefined, origin.warn),
      }),
    ),
    stored: content !== undefined,
  };
}

/**
 * The response of an HTTP record; `requestEndedAt` stands in where versions before 14 have no time of arrival.
 * @throws SyntaxError when a field that it needs is missing or malformed.
 */
export function responseFrom(
  cursor: TnetCursor,
  origin: Origin,
  requestEndedAt: number | undefined,
): DumpMessage<HttpResponse> {
  const fields = new DumpFields('response', cursor, RESPONSE);
  const status = fields.requiredNumber('status_code');
  if (!Number.isInteger(status) || status < 100 || status > 999)
    throw new SyntaxError('response.status_code is no status');
  const content = fields.span('content', origin.base);
  return {
    message: frozen(
      new HttpResponse({
        status,
        // RFC 9112 §4: no other character may stand in a reason phrase
        reason: (fields.text('reason') ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, ''),
        httpVersion: versionOf(fields),
        headers: headersFrom(fields.requiredInside('headers'), 'response', origin.warn),
        body: content ? origin.file.body(content.offset, content.length) : Body.empty,
        ...trailersAndTimes(fields, requestEndedAt, origin.warn),
      }),
    ),
    stored: content !== undefined,
  };
}

function trailersAndTimes(
  fields: DumpFields<(typeof MESSAGE)[number]>,
  fallback: number | undefined,
  warn: Warn,
): { trailers?: HttpHeaders; startedAt: number; endedAt?: number } {
  const trailers = fields.inside('trailers');
  const started = fields.number('timestamp_start');
  const ended = fields.number('timestamp_end');
  return {
    ...(trailers && { trailers: headersFrom(trailers, fields.name, warn) }),
    startedAt: started === undefined ? (fallback ?? 0) : millisecondsOf(started),
    ...(ended !== undefined && { endedAt: millisecondsOf(ended) }),
  };
}

// `HTTP/1.1`, `HTTP/2.0`, `HTTP/3`; up to 0.13 a list of two integers.
function versionOf(fields: DumpFields<'http_version'>): string {
  const integers = fields.integers('http_version');
  const digits = integers ? integers.join('.') : (fields.text('http_version') ?? '').replace(/^HTTP\//, '');
  return /^\d\.\d$/.test(digits) ? digits : /^\d$/.test(digits) ? `${digits}.0` : '1.1';
}

function headersFrom(cursor: TnetCursor, name: string, warn: Warn): HttpHeaders {
  const pairs: HeaderPair[] = [];
  while (cursor.next()) {
    const pair = cursor.inner();
    const field = headerText(pair, name);
    const text = headerText(pair, name);
    const value = text.includes('\n') ? text.replace(/\r?\n[ \t]+/g, ' ') : text;
    // Old versions kept the pseudo-header fields of HTTP/2 among the others.
    if (field.startsWith(':')) continue;
    if (!isToken(field)) warn(`${name} header ${quoted(field)} has a name that no header may have; left out`);
    else if (!isFieldValue(value))
      warn(`${name} header ${quoted(field)} has a value that no header may have; left out`);
    else pairs.push([field, value]);
  }
  return HttpHeaders.fromPairs(pairs);
}

function headerText(pair: TnetCursor, name: string): string {
  if (!pair.next() || !pair.holdsText()) {
    throw new SyntaxError(`${name}.headers holds what is no header`);
  }
  return pair.latin1();
}

// RFC 9113 §8.3.1: what HTTP/2 says in `:authority`, HTTP/1.1 says in Host.
function withAuthority(
  headers: HttpHeaders,
  httpVersion: string,
  authority: string | undefined,
): HttpHeaders {
  if (!authority || httpVersion.startsWith('1') || headers.has('host')) return headers;
  return new HttpHeaders([['host', authority], ...headers]);
}

function frozen<T extends HttpRequest | HttpResponse>(message: T): T {
  message.headers.freeze();
  message.trailers.freeze();
  return Object.freeze(message);
}
