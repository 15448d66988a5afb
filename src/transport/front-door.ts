import type { Socket } from 'node:net';
import { reasonOf } from '../errors';
import { ClientConnection, localAddress } from './client-connection';
import type { ClientSockets } from './client-sockets';
import { listenFor, type Speech } from './first-bytes';
import { endWith } from './linger';
import type { Limits } from './options';
import { refusalBytes } from './refusal';
import type { Route } from './request-head';
import { lateHead } from './server-settings';
import type { TlsEnds } from './tls-ends';
import { standInForMethod } from './unknown-method';

/** What a port is for: where requests that come through it go, and whose they are. */
export interface Entrance {
  readonly route: Route;
  /** The session of all who come this way; undefined where the credentials name it. */
  readonly session?: string | undefined;
}

/** What stands behind the door. */
export interface FrontDoorOptions {
  readonly limits: Pick<Limits, 'headerTime'>;
  readonly sockets: ClientSockets;
  readonly tls: TlsEnds;
  /** Take HTTP/2, too. */
  readonly takesHttp2: boolean;
  /** Reads HTTP/1 from a socket. */
  readonly http1: (socket: Socket) => void;
  /** Reads HTTP/2 from a socket; `tcp` is what carries its bytes. */
  readonly http2: (socket: Socket, tcp: Socket, entrance: Entrance) => void;
  readonly warn: (line: string) => void;
}

/** Where every connection comes in: its first bytes say what it speaks, and whoever speaks that gets it. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #connections = new WeakMap<Socket, ClientConnection>();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** The connection that a socket of the HTTP/1 server belongs to; undefined for one that is not served. */
  connectionOf(socket: Socket): ClientConnection | undefined {
    return this.#connections.get(socket);
  }

  /** Takes a socket that was just accepted: refused, or looked at and served. */
  enter(socket: Socket, entrance: Entrance): void {
    if (!this.#options.sockets.admit(socket)) return;
    this.#listen(socket, (speech) => this.serve(speech, socket, entrance));
  }

  /** Serves a socket whose first bytes were looked at. */
  serve(speech: Speech, socket: Socket, entrance: Entrance): void {
    if (socket.destroyed) return;
    if (speech === 'tls') this.#secure(socket, entrance);
    else if (speech === 'http2' && this.#options.takesHttp2) this.#options.http2(socket, socket, entrance);
    else this.#serveHttp1(speech, socket, socket, entrance);
  }

  #listen(socket: Socket, heard: (speech: Speech) => void): void {
    const { limits } = this.#options;
    void listenFor(socket, limits.headerTime).then((speech) => {
      if (speech === undefined) endWith(socket);
      else if (speech === 'silence') endWith(socket, refusalBytes(lateHead(limits)));
      else heard(speech);
    });
  }

  #secure(socket: Socket, entrance: Entrance): void {
    const { sockets, tls, takesHttp2, warn } = this.#options;
    const { route } = entrance;
    const host = route.kind === 'tunnel' ? route.origin.host : localAddress(socket);
    // Who speaks HTTP/2 to a proxy asks for its tunnels that way, too, and these are taken over HTTP/1.1 only.
    const protocols = takesHttp2 && route.kind !== 'regular' ? ['h2', 'http/1.1'] : ['http/1.1'];
    try {
      tls.accept(socket, host, protocols, (secured) => {
        secured.on('error', () => {});
        sockets.track(secured);
        if (secured.alpnProtocol === 'h2') this.#options.http2(secured, socket, entrance);
        else this.#listen(secured, (speech) => this.#serveHttp1(speech, secured, socket, entrance));
      });
    } catch (error) {
      warn(reasonOf(error));
      socket.destroy();
    }
  }

  /** `tcp` is what carries the bytes of `socket`. */
  #serveHttp1(speech: Speech, socket: Socket, tcp: Socket, { route, session }: Entrance): void {
    if (socket.destroyed) return;
    const method = speech === 'unknown method' ? standInForMethod(socket) : undefined;
    this.#connections.set(socket, new ClientConnection(socket, tcp, route, session, method));
    this.#options.http1(socket);
    socket.resume();
  }
}
