import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { reasonOf } from '../errors';
import type { HttpRequest } from '../http/request';
import type { Carried, ClientConnection } from './client-connection';
import { Http1ClientEnd } from './client-end';
import type { Gate } from './gate';
import type { OpenExchanges } from './open-exchanges';
import type { Limits, TransportHandlers } from './options';
import { attachResponse } from './protocol-switch'; // late
import { readHead } from './request-head';
import { type Refusal, refusalBytes } from './refusal';
import { parserRefusal } from './server-settings';
import { headWithoutUpgrade, isSwitchable } from './switchable';
import { unfitHead } from './unfit-head';

/** What requests are dispatched with. */
export interface DispatchOptions {
  readonly limits: Limits;
  readonly now: () => number;
  readonly handlers: Pick<TransportHandlers, 'exchange' | 'originHint' | 'warn'>;
  /** The connection that a socket of the server belongs to; undefined for one that is not served. */
  readonly connectionOf: (socket: Socket) => ClientConnection | undefined;
  /** Gives a socket to Node's HTTP/1 parser again. */
  readonly http1: (socket: Socket) => void;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
  readonly gate: Gate;
  /** Once they stop, connections end with their response, and no further request is taken. */
  readonly exchanges: OpenExchanges;
}

/** How a request came. */
interface Arrival {
  readonly startedAt: number;
  readonly expectsContinue: boolean;
  readonly mayUpgrade: boolean;
}

/** Turns what Node's HTTP server reports into exchanges, one at a time on each connection. */
export class RequestDispatch {
  readonly #options: DispatchOptions;
  /** The headers of requests that were put back because they ask for a protocol that is not changed to. */
  readonly #putBack = new WeakMap<Socket, readonly string[]>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Takes over a server's requests. */
  attach(server: Server): void {
    server
      .on('request', (incoming, outgoing) => this.#arrived(incoming, outgoing, false))
      .on('checkContinue', (incoming, outgoing) => this.#arrived(incoming, outgoing, true))
      .on('checkExpectation', (incoming, outgoing) => this.#arrived(incoming, outgoing, false))
      .on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket as Socket, head))
      .on('clientError', (error: NodeJS.ErrnoException, socket) => this.#unreadable(error, socket as Socket));
  }

  #arrived(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    expectsContinue: boolean,
    mayUpgrade = false,
  ): void {
    const connection = this.#options.connectionOf(incoming.socket);
    if (!connection || connection.closing) return;
    const arrival = { startedAt: this.#options.now(), expectsContinue, mayUpgrade };
    const carried = connection.carry(incoming, outgoing);
    // Not before Node has read all that has come: the body may be one that nobody can read.
    const start = () => void this.#options.served.then(() => this.#start(carried, connection, arrival));
    // A pipelined request waits until the responses before it are through; then its response gets the socket.
    if (outgoing.socket) start();
    else outgoing.once('socket', start);
  }

  /** A request for another protocol: from its head on the connection is read by nobody. */
  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    const connection = this.#options.connectionOf(socket);
    if (!connection || connection.closing) return;
    if (head.length > 0) socket.unshift(head);
    if (connection.isBusy) {
      connection.refuseHandedOver({
        status: 400,
        sentence: 'a request for another protocol does not wait behind others',
      });
      return;
    }
    if (!isSwitchable(incoming)) {
      this.#putBack.set(socket, incoming.rawHeaders);
      socket.unshift(headWithoutUpgrade(incoming));
      this.#options.http1(socket);
      socket.resume();
      return;
    }
    const outgoing = new ServerResponse(incoming);
    attachResponse(outgoing, socket);
    this.#arrived(incoming, outgoing, false, true);
  }

  #start(carried: Carried, connection: ClientConnection, arrival: Arrival): void {
    const { handlers, exchanges } = this.#options;
    const failed = (error: unknown) => {
      handlers.warn(reasonOf(error));
      connection.cut(true);
    };
    try {
      const client = this.#admit(carried, connection, arrival);
      if (!client) return;
      carried.closed = () => client.closed();
      exchanges.run(handlers.exchange(client.request, client), failed);
    } catch (error) {
      failed(error);
    }
  }

  /** The client's end of an exchange that may begin; undefined when it was told why not. */
  #admit(
    { incoming, outgoing }: Carried,
    connection: ClientConnection,
    { startedAt, expectsContinue, mayUpgrade }: Arrival,
  ): Http1ClientEnd | undefined {
    const { limits, now, exchanges, gate } = this.#options;
    if (exchanges.stopping.aborted || connection.closing || outgoing.destroyed) {
      connection.end();
      return undefined;
    }
    const refuse = (refusal: Refusal): undefined => {
      incoming.resume();
      connection.end(refusalBytes(refusal, incoming.method));
    };
    const admission = gate.admitRequest(incoming.headers['proxy-authorization'], connection);
    if ('sentence' in admission) return refuse(admission);
    const request = this.#read(incoming, connection, startedAt);
    if ('sentence' in request) return refuse(request);
    return new Http1ClientEnd(incoming, outgoing, request, {
      connection,
      limits,
      now,
      expectsContinue,
      session: admission.session,
      stopping: exchanges.stopping,
      mayUpgrade,
    });
  }

  #read(
    incoming: IncomingMessage,
    { route, onlyMethod }: ClientConnection,
    startedAt: number,
  ): HttpRequest | Refusal {
    const { method = '', url: target = '', httpVersion, socket } = incoming;
    const rawHeaders = this.#putBack.get(socket) ?? incoming.rawHeaders;
    this.#putBack.delete(socket);
    const head = { method: onlyMethod ?? method, target, httpVersion, rawHeaders };
    const problem = unfitHead(head, this.#options.limits);
    return problem ?? readHead(head, route, startedAt, this.#options.handlers.originHint());
  }

  #unreadable(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#options.connectionOf(socket);
    const refusal = parserRefusal(error, this.#options.limits);
    if (connection && refusal && socket.writable) connection.refuse(refusal);
    else socket.destroy();
  }
}
