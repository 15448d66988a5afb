import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Proxy } from 'http-mitm-proxy'; // late
import { reasonOf } from '../errors';
import { assertBindAllowed } from './access';
import { CertificateAuthority } from './certificate-authority';
import { ClientSockets } from './client-sockets';
import { acceptConnect } from './connect'; // late
import { FrontDoor } from './front-door';
import { Gate } from './gate';
import { Http2Connections, type Http2Options } from './http2-connections'; // late
import { listenError } from './listen-error'; // late
import { OpenExchanges } from './open-exchanges';
import type { ListenerOptions, Transport, TransportHandlers, TransportOptions } from './options';
import { announceListener, type ListenAddress } from './own-listeners';
import { Port } from './port';
import { RequestDispatch } from './request-dispatch';
import { applySettings, takeConnections } from './server-settings';
import { SessionPorts } from './session-ports';
import { acceptSocks } from './socks-server'; // late
import { TlsEnds } from './tls-ends';

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
  readonly #sockets: ClientSockets;
  readonly #served: Promise<void>;
  readonly #dispatch: RequestDispatch;
  readonly #http2Options: Http2Options;
  readonly #exchanges = new OpenExchanges();
  readonly #gate: Gate;
  readonly #sessions: SessionPorts;
  #http2: Http2Connections | undefined;
  #serve: () => void = () => {};
  #http1: (socket: Socket) => void = () => {};
  #engine: Engine | undefined;
  #door: FrontDoor | undefined;
  #unannounce: () => void = () => {};
  #ports: readonly Port[] = [];
  #listeners: Transport['listeners'];

  constructor(options: TransportOptions, handlers: TransportHandlers) {
    const { limits } = options;
    const [first] = options.listeners;
    this.#options = options;
    this.#handlers = handlers;
    this.#listeners = options.listeners;
    this.#gate = new Gate(options, handlers.warn);
    this.#sockets = new ClientSockets(options, limits.connections);
    this.#sessions = new SessionPorts(first.host, (socket, session) =>
      this.#enter(socket, first.mode, session),
    );
    this.#served = new Promise((resolve) => (this.#serve = resolve));
    const serving = {
      limits,
      now: options.now,
      handlers,
      served: this.#served,
      gate: this.#gate,
      exchanges: this.#exchanges,
    };
    const connectionOf = (socket: Socket) => this.#door?.connectionOf(socket);
    const http1 = (socket: Socket) => this.#http1(socket);
    this.#dispatch = new RequestDispatch({ ...serving, connectionOf, http1 });
    this.#http2Options = serving;
  }

  get address(): ListenAddress {
    return this.#listeners[0];
  }

  get listeners(): Transport['listeners'] {
    return this.#listeners;
  }

  async listen(): Promise<void> {
    const { listeners, limits, authorityFolder, now } = this.#options;
    const [first, ...others] = listeners;
    for (const { host } of listeners) assertBindAllowed(host, this.#options);
    // Before the engine looks into the folder, which would make an authority of its own kind there.
    const authority = await CertificateAuthority.open(authorityFolder, now);
    const { warn } = this.#handlers;
    this.#engine = await startEngine(first, authorityFolder, warn, (incoming, socket) =>
      this.#connect(incoming, socket),
    );
    const { server } = this.#engine;
    applySettings(server, limits);
    this.#http1 = takeConnections(server, (socket) => this.#enter(socket, first.mode));
    this.#door = new FrontDoor({
      limits,
      sockets: this.#sockets,
      takesHttp2: this.#options.http2,
      tls: new TlsEnds({ authority, handshake: limits.handshake, warn }),
      http1: this.#http1,
      http2: (socket, tcp, entrance) =>
        (this.#http2 ??= new Http2Connections(this.#http2Options)).serve(socket, tcp, entrance),
      warn,
    });
    this.#dispatch.attach(server);
    const own = { ...first, port: (server.address() as AddressInfo).port };
    this.#unannounce = announceListener(own);
    this.#ports = others.map(({ mode }) => new Port((socket) => this.#enter(socket, mode)));
    try {
      const taken = await Promise.all(this.#ports.map((port, at) => port.listen(others[at]!)));
      this.#listeners = [own, ...others.map((other, at) => ({ ...other, ...taken[at] }))];
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  openSession(session: string): Promise<ListenAddress> {
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
    this.#exchanges.stop();
    this.#http2?.close();
    this.#unannounce();
    this.#sessions.closeAll();
    for (const port of this.#ports) port.close();
    const closed = once(engine.server, 'close');
    engine.close();
    await this.#exchanges.settled(this.#options.limits.grace);
    await Promise.all([closed, this.#sockets.destroy()]);
    // What was cut has yet to end; an addon that never settles must not keep us.
    await this.#exchanges.settled(AFTERMATH);
  }

  /** Takes a socket that was just accepted; `session` is that of all who come its way. */
  #enter(socket: Socket, mode: ListenerOptions['mode'], session?: string): void {
    const door = this.#door;
    if (!door) socket.destroy();
    else if (mode === 'regular') door.enter(socket, { route: { kind: mode }, session });
    else if (mode !== 'socks5') door.enter(socket, { route: mode, session });
    else if (this.#sockets.admit(socket, 'SOCKS')) {
      void acceptSocks(socket, { ...this.#tunnelling(door), session });
    }
  }

  #tunnelling(door: FrontDoor) {
    return {
      limits: this.#options.limits,
      handlers: this.#handlers,
      gate: this.#gate,
      served: this.#served,
      door,
      track: (upstream: Socket) => this.#sockets.track(upstream),
    };
  }

  #connect(incoming: IncomingMessage, socket: Socket): void {
    const door = this.#door;
    const connection = door?.connectionOf(socket);
    if (!door || !connection) return;
    acceptConnect(incoming, socket, connection, this.#tunnelling(door)).catch((error: unknown) => {
      this.#handlers.warn(reasonOf(error));
      socket.destroy();
    });
  }
}

async function startEngine(
  { host, port }: ListenAddress,
  authorityFolder: string,
  warn: (line: string) => void,
  onConnect: (incoming: IncomingMessage, socket: Socket) => void,
): Promise<Engine> {
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
