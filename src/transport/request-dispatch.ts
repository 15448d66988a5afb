import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { reasonOf } from '../errors';
import type { HttpRequest } from '../http/request';
import type { ClientConnection } from './client-connection';
import { Http1ClientEnd } from './client-end';
import type { Admission, Gate } from './gate';
import type { Limits, TransportHandlers } from './options';
import { readHead } from './request-head';
import { type Refusal, refusalBytes } from './refusal';
import { parserRefusal } from './server-settings';
import { unfitHead } from './unfit-head';

/** What requests are dispatched with. */
export interface DispatchOptions {
  readonly limits: Limits;
  readonly now: () => number;
  readonly handlers: Pick<TransportHandlers, 'exchange' | 'originHint' | 'warn'>;
  /** The connection that a socket of the server belongs to; undefined for one that is not served. */
  readonly connectionOf: (socket: Socket) => ClientConnection | undefined;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
  readonly gate: Gate;
}

/** Turns what Node's HTTP server reports into exchanges, one at a time on each connection. */
export class RequestDispatch {
  /** Exchanges that are not over. */
  readonly #open = new Set<Promise<void>>();
  readonly #options: DispatchOptions;
  #stopping = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Takes over a server's requests. */
  attach(server: Server): void {
    server
      .on('request', (incoming, outgoing) => this.#arrived(incoming, outgoing, false))
      .on('checkContinue', (incoming, outgoing) => this.#arrived(incoming, outgoing, true))
      .on('checkExpectation', (incoming, outgoing) => this.#arrived(incoming, outgoing, false))
      .on('clientError', (error: NodeJS.ErrnoException, socket) => this.#unreadable(error, socket as Socket));
  }

  /** From now on connections end with their response, and no further request is taken. */
  stop(): void {
    this.#stopping = true;
  }

  /** Settles when no exchange is open, or after `limit` milliseconds. */
  async settled(limit: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit)));
    await Promise.race([Promise.allSettled(this.#open), expired]);
    clearTimeout(timer);
  }

  #arrived(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void {
    const connection = this.#options.connectionOf(incoming.socket);
    if (!connection || connection.closing) return;
    const startedAt = this.#options.now();
    connection.carry(incoming, outgoing);
    const start = () => {
      this.#begin(incoming, outgoing, connection, { startedAt, expectsContinue }).catch((error: unknown) => {
        this.#options.handlers.warn(reasonOf(error));
        connection.cut(true);
      });
    };
    // A pipelined request waits until the responses before it are through; then its response gets the socket.
    if (outgoing.socket) start();
    else outgoing.once('socket', start);
  }

  async #begin(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    connection: ClientConnection,
    { startedAt, expectsContinue }: { startedAt: number; expectsContinue: boolean },
  ): Promise<void> {
    const { handlers, limits, now, served } = this.#options;
    await served;
    if (this.#stopping || connection.closing || outgoing.destroyed) {
      connection.end();
      return;
    }
    const refuse = (refusal: Refusal) => {
      incoming.resume();
      connection.end(refusalBytes(refusal, incoming.method));
    };
    const admission = this.#admit(incoming, connection);
    if ('sentence' in admission) return refuse(admission);
    const request = this.#read(incoming, connection, startedAt);
    if ('sentence' in request) return refuse(request);
    const client = new Http1ClientEnd(incoming, outgoing, request, {
      connection,
      limits,
      now,
      expectsContinue,
      session: admission.session,
      stopping: () => this.#stopping,
    });
    const exchange = handlers.exchange(request, client);
    this.#open.add(exchange);
    await exchange.finally(() => this.#open.delete(exchange));
  }

  /** Who has a tunnel was asked when it was opened. */
  #admit({ headers }: IncomingMessage, { route, session }: ClientConnection): Admission | Refusal {
    if (route.kind === 'tunnel') return { session: session ?? '' };
    return this.#options.gate.admit(headers['proxy-authorization'], session);
  }

  #read(incoming: IncomingMessage, { route }: ClientConnection, startedAt: number): HttpRequest | Refusal {
    const { method = '', url: target = '', httpVersion, rawHeaders } = incoming;
    const head = { method, target, httpVersion, rawHeaders };
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
