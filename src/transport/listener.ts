import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { reasonOf } from '../errors';
import { assertBindAllowed, mayUse } from './access';
import { CertificateAuthority } from './certificate-authority';
import { ClientConnection, clientInfo } from './client-connection';
import { Gate } from './gate';
import { endWith } from './linger';
import { listenError } from './listen-error';
import type { Transport, TransportHandlers, TransportOptions } from './options';
import { announceListener } from './own-listeners';
import { refusalBytes } from './refusal';
import { RequestDispatch } from './request-dispatch';
import type { Route } from './request-head';
import { applySettings } from './server-settings';
import { SessionPorts } from './session-ports';
import { TlsEnds } from './tls-ends';
import { acceptTunnel } from './tunnel';

/**
 * The client-facing side of the proxy: http-mitm-proxy listens and hands over CONNECT, the rest is ours.
 *
 * Of the engine's own request handling nothing is used: it rewrites an absolute-form target before any handler sees it and answers
 * some requests itself, so the `request` event of its server comes straight here; its WebSocket listener is taken off.
 */
export function createTransport(options: TransportOptions, handlers: TransportHandlers): Transport {
  return new Listener(options, handlers);
}

/** Milliseconds that exchanges have to end after their clients were cut. */
const AFTERMATH = 250;

interface Engine {
  readonly server: Server;
  close(): void;
}

class Listener implements Transport {
  readonly #options: TransportOptions;
  readonly #handlers: TransportHandlers;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new WeakMap<Socket, ClientConnection>();
  readonly #served: Promise<void>;
  readonly #dispatch: RequestDispatch;
  /** Connections of clients, TLS within them not counted again. */
  #clients = 0;
  #serve: () => void = () => {};
  #engine: Engine | undefined;
  #unannounce: () => void = () => {};
  readonly #gate: Gate;
  readonly #sessions: SessionPorts;
  #address: { host: string; port: number };

  constructor(options: TransportOptions, handlers: TransportHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#address = { host: options.host, port: options.port };
    this.#gate = new Gate(options);
    this.#sessions = new SessionPorts(options.host, (socket, session) => {
      this.#connected(socket, session);
      this.#engine?.server.emit('connection', socket);
    });
    this.#served = new Promise((resolve) => (this.#serve = resolve));
    this.#dispatch = new RequestDispatch({
      limits: options.limits,
      now: options.now,
      handlers,
      connectionOf: (socket) => this.#connections.get(socket),
      served: this.#served,
      gate: this.#gate,
    });
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#address;
  }

  async listen(): Promise<void> {
    const { host, limits, authorityFolder, now } = this.#options;
    assertBindAllowed(host, this.#options);
    // Before the engine looks into the folder, which would make an authority of its own kind there.
    const authority = await CertificateAuthority.open(authorityFolder, now);
    const { warn } = this.#handlers;
    const tls = new TlsEnds({ authority, handshake: limits.handshake, warn });
    this.#engine = await startEngine(this.#options, warn, (incoming, socket) => {
      const connection = this.#connections.get(socket);
      if (!connection || connection.closing) return;
      if (connection.isBusy) {
        connection.refuse({
          status: 400,
          sentence: 'CONNECT does not wait behind other requests; send it alone',
        });
        return;
      }
      acceptTunnel(incoming, socket, {
        limits,
        handlers: this.#handlers,
        tls,
        gate: this.#gate,
        session: connection.session,
        isReverse: this.#options.reverse !== undefined,
        isTunnelled: connection.route.kind === 'tunnel',
        served: this.#served,
        track: (upstream) => this.#track(upstream),
        serve: (inner, tcp, origin, session) =>
          this.#serveSocket(inner, tcp, { kind: 'tunnel', origin }, session),
      }).catch((error: unknown) => {
        warn(reasonOf(error));
        socket.destroy();
      });
    });
    const { server } = this.#engine;
    applySettings(server, limits);
    server.prependListener('connection', (socket: Socket) => this.#connected(socket));
    this.#dispatch.attach(server);
    this.#address = { host, port: (server.address() as AddressInfo).port };
    this.#unannounce = announceListener(this.#address);
  }

  openSession(session: string): Promise<{ host: string; port: number }> {
    return this.#sessions.open(session);
  }

  closeSession(session: string): void {
    this.#sessions.close(session);
  }

  serve(): void {
    this.#serve();
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    if (!engine) return;
    this.#engine = undefined;
    this.#dispatch.stop();
    this.#unannounce();
    this.#sessions.closeAll();
    const closed = once(engine.server, 'close');
    engine.close();
    await this.#dispatch.settled(this.#options.limits.grace);
    const sockets = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([closed, ...sockets]);
    // What was cut has yet to end; an addon that never settles must not keep us.
    await this.#dispatch.settled(AFTERMATH);
  }

  /** Sees each socket before Node's HTTP server does, those that were inside a tunnel again. */
  #connected(socket: Socket, session?: string): void {
    if (this.#connections.has(socket)) return;
    socket.on('error', () => {});
    if (!mayUse(clientInfo(socket).address, this.#options)) {
      socket.destroy();
      return;
    }
    this.#track(socket);
    this.#clients += 1;
    socket.once('close', () => (this.#clients -= 1));
    const { limits, reverse, keepHost } = this.#options;
    if (this.#clients > limits.connections) {
      endWith(
        socket,
        refusalBytes({ status: 503, sentence: 'the proxy serves as many connections as it may' }),
      );
      return;
    }
    const route: Route = reverse ? { kind: 'reverse', origin: reverse, keepHost } : { kind: 'regular' };
    this.#connections.set(socket, new ClientConnection(socket, socket, route, session));
  }

  #serveSocket(socket: Socket, tcp: Socket, route: Route, session: string): void {
    socket.on('error', () => {});
    if (socket !== tcp) this.#track(socket);
    this.#connections.set(socket, new ClientConnection(socket, tcp, route, session));
    this.#engine?.server.emit('connection', socket);
    socket.resume();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

async function startEngine(
  { host, port, authorityFolder }: TransportOptions,
  warn: (line: string) => void,
  onConnect: (incoming: IncomingMessage, socket: Socket) => void,
): Promise<Engine> {
  const { Proxy } = await import('http-mitm-proxy');
  const proxy = new Proxy();
  return await new Promise<Engine>((resolve, reject) => {
    // It prints with console.* and knows no other way; what goes wrong before it listens is for us to tell.
    let failed: (error: Error) => void = (error) => reject(listenError(error, host, port));
    proxy._onError = (_kind, _context, error) => failed(error);
    proxy._onSocketError = () => {};
    proxy.onConnect((incoming, socket, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      onConnect(incoming, socket as Socket);
    });
    proxy.listen({ host, port, sslCaDir: authorityFolder }, (error) => {
      const server = proxy.httpServer;
      if (error || !server) return reject(error ?? new Error('the proxy engine has no server'));
      failed = (late) => warn(`the listener reports: ${reasonOf(late)}`);
      server.removeAllListeners('request').removeAllListeners('upgrade');
      resolve({ server, close: () => proxy.close() });
    });
  });
}
