import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { DEFAULT_LIMITS, type Limits, type UpstreamOptions } from '../../src/transport/options';
import { createUpstream, type Upstream } from '../../src/transport/upstream';
import { sharedAuthorityFolder } from './temp';

/** Answers one stream of a server of HTTP/2; `raw` is the flat list of its field lines. */
export type Http2Answer = (
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  raw: string[],
) => void;

/** A server of Node's own HTTP/2, with TLS that agrees on it or without, and an upstream client to try on it. */
export class Http2Origin {
  /** TCP connections so far. */
  connections = 0;
  readonly #sockets = new Set<Socket>();
  readonly #upstreams: Upstream[] = [];

  private constructor(
    readonly scheme: 'http' | 'https',
    readonly server: http2.Http2Server | http2.Http2SecureServer,
    readonly ca: string,
  ) {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    scheme: 'http' | 'https',
    answer: Http2Answer,
    options: http2.SecureServerOptions = {},
  ): Promise<Http2Origin> {
    const authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
    const server =
      scheme === 'http'
        ? http2.createServer(options as http2.ServerOptions)
        : http2.createSecureServer({ ...authority.leafFor('127.0.0.1'), ...options });
    const origin = new Http2Origin(scheme, server, authority.certificatePem);
    server.on('session', (session: http2.ServerHttp2Session) => session.on('error', () => {}));
    const onStream = (
      stream: http2.ServerHttp2Stream,
      headers: http2.IncomingHttpHeaders,
      _flags: number,
      raw: string[],
    ) => {
      stream.on('error', () => {});
      answer(stream, headers, raw);
    };
    server.on('stream', onStream);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  /** TCP connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  client(limits: Partial<Limits> = {}, options: Partial<UpstreamOptions> = {}): Upstream {
    const upstream = createUpstream(
      { insecure: false, ca: this.ca, ...options },
      { ...DEFAULT_LIMITS, ...limits },
      Date.now,
    );
    this.#upstreams.push(upstream);
    return upstream;
  }

  request(init: Partial<HttpRequestInit> = {}): HttpRequest {
    const { scheme, port } = this;
    return new HttpRequest({ scheme, host: '127.0.0.1', port, path: '/', httpVersion: '2.0', ...init });
  }

  /** Closes all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()));
    this.cut();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}
