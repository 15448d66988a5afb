import type { Socket } from 'node:net';
import type { ClientInfo } from '../core/flow';
import { endWith } from './linger';
import type { Route } from './request-head';
import { type Refusal, refusalBytes } from './refusal';

/** A client's connection as HTTP sees it: TCP, TLS inside a tunnel, or plain HTTP inside a tunnel. */
export class ClientConnection {
  readonly socket: Socket;
  readonly info: ClientInfo;
  readonly route: Route;
  /** Responses not yet at their end. */
  open = 0;
  /** No request that still arrives here is taken. */
  closing = false;
  #lastWord: Refusal | undefined;

  readonly #tcp: Socket;

  /** `tcp` is what carries the bytes in the end; the same as `socket` unless that is TLS. */
  constructor(socket: Socket, tcp: Socket, route: Route) {
    this.socket = socket;
    this.#tcp = tcp;
    this.info = clientInfo(tcp);
    this.route = route;
    // Node calls this after a response that closes. Destroying at once would reset the connection while the client still reads.
    socket.destroySoon = () => this.end();
  }

  /** Sends what is written, says goodbye, and swallows what still comes until the client hangs up too. */
  end(last?: Buffer): void {
    this.closing = true;
    endWith(this.socket, last);
  }

  /** Refuses what cannot be read, once the responses before it are through. */
  refuse(refusal: Refusal): void {
    if (this.closing || this.#lastWord) return;
    if (this.open === 0) this.end(refusalBytes(refusal));
    else this.#lastWord = refusal;
  }

  /** Counts a response that has begun or waits for its turn. */
  opened(): void {
    this.open += 1;
  }

  /** One response is through. */
  closed(): void {
    this.open -= 1;
    if (this.open === 0 && this.#lastWord && !this.closing) this.end(refusalBytes(this.#lastWord));
  }

  /** Breaks off in the middle of a message. `resets` where an orderly end would read as the end of the body. */
  cut(resets: boolean): void {
    this.closing = true;
    if (resets) this.#tcp.resetAndDestroy();
    this.socket.destroy();
  }
}

/** The client at the other end, its address without the IPv6 spelling of an IPv4 one. */
export function clientInfo({ remoteAddress = '', remotePort = 0 }: Socket): ClientInfo {
  return { address: remoteAddress.replace(/^::ffff:(?=\d+\.)/i, ''), port: remotePort };
}
