import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import type { RawClient } from './raw-client';
import type { WireProxy } from './wire';

/** A real WebSocket server; `talk` gets every connection. */
export class WebSocketOrigin {
  readonly requests: http.IncomingMessage[] = [];
  readonly sockets: WebSocket[] = [];
  /** `CODE reason` of each that has ended. */
  readonly closes: string[] = [];
  readonly #server: http.Server;
  readonly #waiting: (() => void)[] = [];

  private constructor(
    readonly scheme: 'http' | 'https',
    server: http.Server,
  ) {
    this.#server = server;
  }

  static async start(
    talk: (socket: WebSocket, request: http.IncomingMessage) => void = echo,
    options: Partial<ServerOptions> & { authority?: string } = {},
  ): Promise<WebSocketOrigin> {
    const { authority, ...rest } = options;
    const server = authority
      ? https.createServer((await CertificateAuthority.open(authority, Date.now)).leafFor('127.0.0.1'))
      : http.createServer();
    const origin = new WebSocketOrigin(authority ? 'https' : 'http', server);
    new WebSocketServer({ server, ...rest }).on('connection', (socket, request) => {
      origin.requests.push(request);
      origin.sockets.push(socket);
      socket.on('error', () => {});
      socket.on('close', (code, reason) => {
        origin.closes.push(`${code} ${reason.toString()}`.trim());
        for (const wake of origin.#waiting.splice(0)) wake();
      });
      talk(socket, request);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    started.add(origin);
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `http:` or `https:`, as requests have it. */
  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  /** The close of the next connection that ends, or of the first that has. */
  async closed(): Promise<string> {
    while (this.closes.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.closes[0]!;
  }

  /** Breaks all connections off. */
  hangUp(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  stop(): void {
    this.hangUp();
    this.#server.close();
  }
}

const started = new Set<WebSocketOrigin>();
const clients = new Set<WebSocketClient>();

/** For `afterEach`. */
export function stopWebSockets(): void {
  for (const client of clients) client.socket.terminate();
  for (const origin of started) origin.stop();
  clients.clear();
  started.clear();
}

/** Sends every message back. */
export function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
}

/** A client of `ws` with all that it has got. */
export class WebSocketClient {
  readonly messages: (string | Buffer)[] = [];
  /** `CODE reason`, once it is closed. */
  close: string | undefined;
  /** The response to the handshake. */
  response: http.IncomingMessage | undefined;
  #wake = (): void => {};

  constructor(readonly socket: WebSocket) {
    clients.add(this);
    socket.on('message', (data: Buffer, isBinary) => {
      this.messages.push(isBinary ? data : data.toString());
      this.#wake();
    });
    socket.on('close', (code, reason) => {
      this.close = `${code} ${reason.toString()}`.trim();
      this.#wake();
    });
    socket.on('upgrade', (response) => (this.response = response));
    socket.on('error', () => {});
  }

  async opened(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    return this;
  }

  /** The messages, once there are so many. */
  async got(count: number): Promise<(string | Buffer)[]> {
    while (this.messages.length < count) {
      if (this.close !== undefined)
        throw new Error(`closed, ${this.close}, after ${this.messages.length} messages`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.messages;
  }

  async closed(): Promise<string> {
    while (this.close === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.close;
  }
}

/** A `ws` client that speaks on `connection`, as after a CONNECT. */
export function speakOn(
  connection: RawClient,
  url: string,
  protocols: string[] = [],
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): WebSocketClient {
  connection.socket.removeAllListeners('data').removeAllListeners('end');
  return new WebSocketClient(
    new WebSocket(url.replace(/^http/, 'ws').replace(/^wss/, 'ws'), protocols, {
      createConnection: (() => connection.socket) as never,
      ...options,
    }),
  );
}

/** A client inside CONNECT, TLS ended by the proxy where the origin speaks it. */
export async function throughTunnel(
  proxy: WireProxy,
  origin: WebSocketOrigin,
  path = '/',
  protocols: string[] = [],
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<WebSocketClient> {
  const connection = await proxy.tunnel('127.0.0.1', origin.port, origin.scheme === 'http');
  return speakOn(connection, `http://127.0.0.1:${origin.port}${path}`, protocols, options);
}
