import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CertificateAuthority } from '../../src/transport/certificate-authority';

const OLD = 'Sun, 01 Nov 2026 00:00:00 GMT';
/** Longer than what a HAR keeps in its entry. */
export const BIG = Buffer.alloc(2 * 1024 * 1024 + 7, 'large body, much the same all over; ');
/** Every byte there is, and no UTF-8. */
export const BINARY = Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * 7) % 256));

/** A small server of all that HTTP/1.1 responses come as, on a free port of 127.0.0.1. */
export class Origin {
  /** `METHOD /path` of each request, in order. */
  readonly seen: string[] = [];
  readonly requests: http.IncomingMessage[] = [];
  /** TCP connections so far. */
  connections = 0;
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly scheme: 'http' | 'https',
    server: http.Server,
  ) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.seen.push(`${request.method} ${request.url}`);
      this.requests.push(request);
      answer(request, response, this.seen.length).catch(() => response.destroy());
    });
  }

  /** With `authority` it speaks TLS, its certificate signed by the CA of that folder. */
  static async start(authority?: string): Promise<Origin> {
    const server = authority
      ? https.createServer((await CertificateAuthority.open(authority, Date.now)).leafFor('127.0.0.1'))
      : http.createServer();
    const origin = new Origin(authority ? 'https' : 'http', server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  count: number,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  response.sendDate = false;
  const { pathname } = new URL(request.url!, 'http://origin');
  const head = (status: number, reason: string, ...raw: string[]) =>
    response.writeHead(status, reason, ['Date', OLD, ...raw, 'X-Count', String(count)]);
  const whole = (bytes: Buffer | string, ...raw: string[]) =>
    head(200, 'OK', ...raw, 'Content-Length', String(Buffer.byteLength(bytes))).end(
      // As bytes: joined to a string, Node would send the head as UTF-8.
      request.method === 'HEAD' ? undefined : typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
    );

  switch (pathname) {
    case '/text':
      return void whole('hello, wörld\n', 'content-type', 'text/plain; charset=utf-8');
    case '/gzip':
      return void whole(
        gzipSync('{"zipped":true}'),
        ...['Content-Type', 'application/json', 'Content-Encoding', 'gzip', 'ETag', '"zip"'],
      );
    case '/chunked':
      head(200, 'OK', 'Content-Type', 'text/plain');
      response.write('one ');
      await new Promise(setImmediate);
      response.write('two ');
      return void response.end('three');
    case '/trailers':
      head(200, 'OK', 'Trailer', 'X-Sum', 'Transfer-Encoding', 'chunked');
      response.write('with a sum');
      response.addTrailers({ 'X-Sum': '42' });
      return void response.end();
    case '/binary':
      return void whole(BINARY, 'Content-Type', 'application/octet-stream');
    case '/big':
      return void whole(BIG, 'Content-Type', 'text/plain');
    case '/none':
      return void head(204, 'No Content').end();
    case '/empty':
      return void whole('');
    case '/reason':
      return void head(418, "I'm a tea pot, M\xc3\xbcnchen", 'Content-Length', '0').end();
    case '/cached':
      if (request.headers['if-none-match'] === '"v1"')
        return void head(304, 'Not Modified', 'ETag', '"v1"').end();
      return void whole('whole', 'ETag', '"v1"', 'Cache-Control', 'max-age=1');
    case '/redirect':
      return void head(302, 'Found', 'Location', '/text', 'Content-Length', '0').end();
    case '/cookies':
      return void whole(
        'crumbs',
        ...['Set-Cookie', `a=1; Expires=${OLD}; Path=/`, 'set-COOKIE', 'b=; Secure', 'X-Dup', '1'],
        ...['Vary', 'Cookie', 'x-dup', '2', 'X-Empty', '', 'X-Latin', 'caf\xe9'],
      );
    case '/events':
      head(200, 'OK', 'Content-Type', 'text/event-stream', 'Cache-Control', 'no-store');
      for (let i = 1; i <= 3; i += 1) {
        response.write(`id: ${i}\ndata: event ${i}\n\n`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return void response.end();
    case '/endless':
      head(200, 'OK', 'Content-Type', 'text/event-stream');
      for (let i = 1; !response.destroyed; i += 1) {
        response.write(`data: ${i}\n\n`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return;
    case '/close':
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      head(200, 'OK', 'Connection', 'close');
      return void response.end('until the end');
    case '/broken':
      head(200, 'OK', 'Content-Length', '100');
      response.write('only this');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return void response.destroy();
    default: {
      const digest = createHash('sha256').update(content).digest('hex');
      return void whole(`${request.method} ${request.url} ${digest} ${count}`, 'Content-Type', 'text/plain');
    }
  }
}
