import { Body } from '../http/body';
import type { HttpHeaders } from '../http/headers';
import { HttpRequest } from '../http/request';
import { HttpResponse } from '../http/response';
import type { Warn } from './har-headers';
import { isHost, isMethod, sendablePath } from './har-target';
import { NO_HEADERS } from './kept-headers';
import { DumpFields } from './mitmproxy-fields';
import { DumpHeaderReader } from './mitmproxy-headers';
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
const REQUEST = [...MESSAGE, 'host', 'port', 'method', 'scheme', 'authority', 'path'] as const;
const RESPONSE = [...MESSAGE, 'status_code', 'reason'] as const;

/** What a dump knows of a message; without `stored` its content passed while recording and was not kept. */
export interface DumpMessage<T> {
  readonly message: T;
  readonly stored: boolean;
}

/** Reads the messages of one dump, which share what is the same in many. */
export class DumpMessageReader {
  readonly #headers = new DumpHeaderReader();
  readonly #request = new DumpFields('request', REQUEST, OLDER);
  readonly #response = new DumpFields('response', RESPONSE, {
    ...OLDER,
    code: 'status_code',
    msg: 'reason',
  });

  /**
   * The request of an HTTP record; undefined for a CONNECT, which is no exchange of its own.
   * @throws SyntaxError when a field that it needs is missing or malformed.
   */
  request(cursor: TnetCursor, origin: Origin): DumpMessage<HttpRequest> | undefined {
    const fields = this.#request.of(cursor);
    const method = fields.requiredText('method');
    if (method.toUpperCase() === 'CONNECT') return undefined;
    if (!isMethod(method)) throw new SyntaxError('request.method is no token');
    const scheme = fields.requiredText('scheme');
    if (scheme !== 'http' && scheme !== 'https')
      throw new SyntaxError('request.scheme is neither http nor https');
    const port = fields.requiredNumber('port');
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new SyntaxError('request.port is no port');
    const host = fields.requiredText('host').replace(/^\[(.*)\]$/, '$1');
    if (!isHost(host)) throw new SyntaxError('request.host is no host name or address');
    const path = sendablePath(fields.requiredText('path')) || '/';
    const common = commonOf(fields, origin);
    const authority = common.httpVersion.startsWith('1') ? undefined : fields.text('authority') || undefined;
    const headers = this.#headers.ofRequest(fields.requiredInside('headers'), authority, origin.warn);
    const trailers = this.#trailers(fields, origin);
    const message = new HttpRequest({ method, scheme, host, port, path, ...common }, { headers, trailers });
    return { message: Object.freeze(message), stored: fields.has('content') };
  }

  /**
   * The response of an HTTP record; `requestEndedAt` stands in where versions before 14 have no time of arrival.
   * @throws SyntaxError when a field that it needs is missing or malformed.
   */
  response(
    cursor: TnetCursor,
    origin: Origin,
    requestEndedAt: number | undefined,
  ): DumpMessage<HttpResponse> {
    const fields = this.#response.of(cursor);
    const status = fields.requiredNumber('status_code');
    if (!Number.isInteger(status) || status < 100 || status > 999)
      throw new SyntaxError('response.status_code is no status');
    // RFC 9112 §4: no other character may stand in a reason phrase
    const reason = (fields.text('reason') ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
    const common = commonOf(fields, origin, requestEndedAt);
    const headers = this.#headers.ofOthers(fields.requiredInside('headers'), 'response', origin.warn);
    const trailers = this.#trailers(fields, origin);
    const message = new HttpResponse({ status, reason, ...common }, { headers, trailers });
    return { message: Object.freeze(message), stored: fields.has('content') };
  }

  #trailers(fields: DumpFields<'trailers'>, { warn }: Origin): HttpHeaders {
    const list = fields.inside('trailers');
    return list ? this.#headers.ofOthers(list, fields.name, warn) : NO_HEADERS;
  }
}

/** What both kinds of messages have; `fallback` stands in for a time of start that is not known. */
function commonOf(
  fields: DumpFields<(typeof MESSAGE)[number]>,
  { file, base }: Origin,
  fallback = 0,
): { httpVersion: string; body: Body; startedAt: number; endedAt: number | undefined } {
  const content = fields.span('content', base);
  const started = fields.number('timestamp_start');
  const ended = fields.number('timestamp_end');
  return {
    httpVersion: versionOf(fields),
    body: content ? file.body(content.offset, content.length) : Body.empty,
    startedAt: started === undefined ? fallback : millisecondsOf(started),
    endedAt: ended === undefined ? undefined : millisecondsOf(ended),
  };
}

// `HTTP/1.1`, `HTTP/2.0`, `HTTP/3`; up to 0.13 a list of two integers.
function versionOf(fields: DumpFields<'http_version'>): string {
  if (fields.isText('http_version', 'HTTP/1.1')) return '1.1';
  const integers = fields.integers('http_version');
  const digits = integers ? integers.join('.') : (fields.text('http_version') ?? '').replace(/^HTTP\//, '');
  return /^\d\.\d$/.test(digits) ? digits : /^\d$/.test(digits) ? `${digits}.0` : '1.1';
}
