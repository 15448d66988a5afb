import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { reasonOf } from '../errors';
import { assertBindAllowed } from './access';
import { CertificateAuthority } from './certificate-authority';
import { ClientSockets } from './client-sockets';
import { acceptConnect } from './connect';
import { type Entrance, FrontDoor } from './front-door';
import { Gate } from './gate';
import { listenError } from './listen-error';
import type { Transport, TransportHandlers, TransportOptions } from './options';
import { announceListener } from './own-listeners';
import { RequestDispatch } from './request-dispatch';
import { applySettings, takeConnections } from './server-settings';
import { SessionPorts } from './session-ports';
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
  readonly #entrance: Entrance;
  readonly #gate: Gate;
  readonly #sessions: SessionPorts;
  #serve: () => void = () => {};
  #engine: Engine | undefined;
  #door: FrontDoor | undefined;
  #unannounce: () => void = () => {};
  #address: { host: string; port: number };

  constructor(options: TransportOptions, handlers: TransportHandlers) {
    const { host, port, reverse, keepHost, limits } = options;
    this.#options = options;
    this.#handlers = handlers;
    this.#address = { host, port };
    this.#entrance = {
      route: reverse ? { kind: 'reverse', origin: reverse, keepHost } : { kind: 'regular' },
    };
    this.#gate = new Gate(options);
    this.#sockets = new ClientSockets(options, limits.connections);
    this.#sessions = new SessionPorts(host, (socket, session) =>
      this.#door?.enter(socket, { ...this.#entrance, session }),
    );
    this.#served = new Promise((resolve) => (this.#serve = resolve));
    this.#dispatch = new RequestDispatch({
      limits,
      now: options.now,
      handlers,
      connectionOf: (socket) => this.#door?.connectionOf(socket),
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
    this.#engine = await startEngine(this.#options, warn, (incoming, socket) =>
      this.#connect(incoming, socket),
    );
    const { server } = this.#engine;
    applySettings(server, limits);
    const door = new FrontDoor({
      limits,
      sockets: this.#sockets,
      tls: new TlsEnds({ authority, handshake: limits.handshake, warn }),
      http1: takeConnections(server, (socket) => door.enter(socket, this.#entrance)),
      warn,
    });
    this.#door = door;
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
    await Promise.all([closed, this.#sockets.destroy()]);
    // What was cut has yet to end; an addon that never settles must not keep us.
    await this.#dispatch.settled(AFTERMATH);
  }

  #connect(incoming: IncomingMessage, socket: Socket): void {
    const door = this.#door;
    const connection = door?.connectionOf(socket);
    if (!door || !connection) return;
    acceptConnect(incoming, socket, connection, {
      limits: this.#options.limits,
      handlers: this.#handlers,
      gate: this.#gate,
      served: this.#served,
      door,
      track: (upstream) => this.#sockets.track(upstream),
    }).catch((error: unknown) => {
      this.#handlers.warn(reasonOf(error));
      socket.destroy();
    });
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
