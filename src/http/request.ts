import { DEFAULT_PORTS, formatAuthority } from './authority';
import { Body, type BodyLike } from './body';
import { HttpHeaders, type HeadersLike, type MessageFields } from './headers';

/** What a request is made of; `url` may stand for `scheme`, `host`, `port` and `path`. */
export interface HttpRequestInit {
  method?: string;
  scheme: 'http' | 'https';
  host: string;
  port: number;
  path: string;
  httpVersion?: string;
  headers?: HeadersLike;
  body?: BodyLike;
  trailers?: HeadersLike;
  startedAt?: number;
  endedAt?: number | undefined;
}

const BRAND = Symbol.for('replay-proxy.request');

/** A request (RFC 9110 §3.4), aimed at `scheme://host:port`. */
export class HttpRequest {
  readonly [BRAND] = true;
  method: string;
  scheme: 'http' | 'https';
  /** Where the connection goes: a name or an address, IPv6 without brackets. */
  host: string;
  port: number;
  /** Path and query exactly as on the wire, `*` for OPTIONS of the whole server. */
  path: string;
  /** `1.0`, `1.1` or `2.0`. */
  httpVersion: string;
  headers: HttpHeaders;
  /** The content, still in its content coding. */
  body: Body;
  trailers: HttpHeaders;
  /** Epoch milliseconds of the first byte. */
  startedAt: number;
  /** Epoch milliseconds of the last byte; undefined while it is still coming. */
  endedAt: number | undefined;

  /** `fields` are taken as they are, for messages that share them; those of `init` are copied. */
  constructor(init: HttpRequestInit, fields?: MessageFields) {
    this.method = init.method ?? 'GET';
    this.scheme = init.scheme;
    this.host = init.host;
    this.port = init.port;
    this.path = init.path;
    this.httpVersion = init.httpVersion ?? '1.1';
    this.headers = fields?.headers ?? new HttpHeaders(init.headers);
    this.body = Body.from(init.body ?? Body.empty);
    this.trailers = fields?.trailers ?? new HttpHeaders(init.trailers);
    this.startedAt = init.startedAt ?? 0;
    this.endedAt = init.endedAt;
  }

  /** A request by its URL, for tests and addons. */
  static to(
    url: string,
    init: Partial<Omit<HttpRequestInit, 'scheme' | 'host' | 'port' | 'path'>> = {},
  ): HttpRequest {
    const { protocol, hostname, port, pathname, search, host } = new URL(url);
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const request = new HttpRequest({
      ...init,
      scheme,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || DEFAULT_PORTS[scheme]),
      path: pathname + search,
    });
    if (!request.headers.has('host')) request.headers = new HttpHeaders([['Host', host], ...request.headers]);
    return request;
  }

  /** `scheme://host[:port]`, the port left out when it is the scheme's own. */
  get origin(): string {
    return `${this.scheme}://${formatAuthority(this.host, this.port, DEFAULT_PORTS[this.scheme])}`;
  }

  /** The target URI (RFC 9110 §7.1). */
  get url(): string {
    return this.path === '*' ? this.origin : this.origin + this.path;
  }

  /** A copy with headers of its own; the body is shared, since bodies do not change. */
  clone(): HttpRequest {
    return new HttpRequest(this);
  }
}

/** True for a request of any copy of this package. */
export function isHttpRequest(value: unknown): value is HttpRequest {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
