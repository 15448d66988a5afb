import { STATUS_CODES } from 'node:http';
import { Body, type BodyLike } from './body';
import { HttpHeaders, type HeadersLike, type MessageFields } from './headers';

/** What a response is made of. */
export interface HttpResponseInit {
  status?: number;
  reason?: string;
  httpVersion?: string;
  headers?: HeadersLike;
  body?: BodyLike;
  trailers?: HeadersLike;
  startedAt?: number;
  endedAt?: number | undefined;
}

const BRAND = Symbol.for('replay-proxy.response');

/** A response (RFC 9110 §3.4). */
export class HttpResponse {
  readonly [BRAND] = true;
  status: number;
  /** The reason phrase (RFC 9112 §4), empty when there was none. */
  reason: string;
  /** `1.0`, `1.1` or `2.0`. */
  httpVersion: string;
  headers: HttpHeaders;
  /** The content, still in its content coding. */
  body: Body;
  trailers: HttpHeaders;
  /** Epoch milliseconds when the headers had arrived; 0 when that is not known. */
  startedAt: number;
  /** Epoch milliseconds of the last byte; undefined while it is still coming. */
  endedAt: number | undefined;

  /** `fields` are taken as they are, for messages that share them; those of `init` are copied. */
  constructor(init: HttpResponseInit = {}, fields?: MessageFields) {
    this.status = init.status ?? 200;
    this.reason = init.reason ?? STATUS_CODES[this.status] ?? '';
    this.httpVersion = init.httpVersion ?? '1.1';
    this.headers = fields?.headers ?? new HttpHeaders(init.headers);
    this.body = Body.from(init.body ?? Body.empty);
    this.trailers = fields?.trailers ?? new HttpHeaders(init.trailers);
    this.startedAt = init.startedAt ?? 0;
    this.endedAt = init.endedAt;
  }

  /** A plain-text answer of one sentence. */
  static text(status: number, sentence: string): HttpResponse {
    return new HttpResponse({
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `${sentence}\n`,
    });
  }

  /** A copy with headers of its own; the body is shared, since bodies do not change. */
  clone(): HttpResponse {
    return new HttpResponse(this);
  }
}

/** True for a response of any copy of this package. */
export function isHttpResponse(value: unknown): value is HttpResponse {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
