import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientInfo } from '../core/flow';
import { endWith } from './linger';
import type { Route } from './request-head';
import { type Refusal, refusalBytes } from './refusal';

/** Requests that may wait for their turn before no more are read. */
const MOST_PIPELINED = 64;

/** An exchange that a connection carries, until its response is through or the client has left. */
export interface Carried {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Called when it is over. */
  closed: () => void;
}

/** A client's connection as HTTP sees it: TCP, TLS inside a tunnel, or plain HTTP inside a tunnel. */
export class ClientConnection {
  readonly socket: Socket;
  readonly info: ClientInfo;
  readonly route: Route;
  /** The session of all who come this way; undefined where each request names its own. */
  readonly session: string | undefined;
  /** What its only request is asked by, where another method stands in for Node's parser. */
  readonly onlyMethod: string | undefined;
  /** No request that still arrives here is taken. */
  closing = false;
  readonly #open: Carried[] = [];
  #lastWord: Refusal | undefined;

  readonly #tcp: Socket;
  readonly #hold = () => void this.socket.pause();

  /** `tcp` is what carries the bytes in the end; the same as `socket` unless that is TLS. */
  constructor(socket: Socket, tcp: Socket, route: Route, session?: string, onlyMethod?: string) {
    this.socket = socket;
    this.#tcp = tcp;
    this.info = clientInfo(tcp);
    this.route = route;
    this.session = session;
    this.onlyMethod = onlyMethod;
    // Node calls this after a response that closes. Destroying at once would reset the connection while the client still reads.
    socket.destroySoon = () => this.end();
  }

  /** True when a response is not yet at its end. */
  get isBusy(): boolean {
    return this.#open.length > 0;
  }

  /** Sends what is written, says goodbye, and swallows what still comes until the client hangs up too. */
  end(last?: Buffer): void {
    this.closing = true;
    this.socket.off('resume', this.#hold);
    endWith(this.socket, last);
  }

  /** Refuses what cannot be read, once the responses before it are through. */
  refuse(refusal: Refusal): void {
    this.#lastWord ??= refusal;
    this.#speak();
  }

  /**
   * Refuses a request with which Node has handed the connection over in the middle of others: it does not look any more after who reads
   * slowly what these still have to say.
   */
  refuseHandedOver(refusal: Refusal): void {
    this.socket.on('drain', () => this.#open[0]?.outgoing.emit('drain'));
    this.socket.resume();
    this.refuse(refusal);
  }

  /** Takes note of an exchange that has begun or waits for its turn, until its response is through. */
  carry(incoming: IncomingMessage, outgoing: ServerResponse): Carried {
    const exchange: Carried = { incoming, outgoing, closed: () => {} };
    if (this.#open.push(exchange) === MOST_PIPELINED) {
      // Node resumes after every message that it has parsed, and takes a whole chunk of them at a time.
      this.socket.on('resume', this.#hold).pause();
    }
    outgoing.once('close', () => {
      this.#open.splice(this.#open.indexOf(exchange), 1);
      if (this.#open.length === MOST_PIPELINED - 1) this.socket.off('resume', this.#hold).resume();
      exchange.closed();
      this.#speak();
    });
    return exchange;
  }

  #speak(): void {
    if (!this.#lastWord || this.closing) return;
    const [first, ...others] = this.#open;
    if (!first) this.end(refusalBytes(this.#lastWord));
    // What cannot be read is this request's own body: it gets no other answer.
    else if (others.length === 0 && !first.incoming.complete) {
      if (first.outgoing.headersSent) this.cut(true);
      else this.end(refusalBytes(this.#lastWord, first.incoming.method));
    }
  }

  /**
   * Breaks off in the middle of a message, after what is written of it. `resets` where an orderly end of the connection would read
   * as the end of the body.
   */
  cut(resets: boolean): void {
    if (!resets) return this.end();
    this.closing = true;
    this.#tcp.resetAndDestroy();
    this.socket.destroy();
  }
}

/** The client at the other end, its address without the IPv6 spelling of an IPv4 one. */
export function clientInfo({ remoteAddress = '', remotePort = 0 }: Socket): ClientInfo {
  return { address: plainAddress(remoteAddress), port: remotePort };
}

/** The address of ours that the client has connected to, spelled likewise. */
export function localAddress({ localAddress = '' }: Socket): string {
  return plainAddress(localAddress);
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
