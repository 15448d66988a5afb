import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProtocolSwitch } from '../core/ends';
import type { HeaderPair } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ClientConnection } from './client-connection';
import { ExchangeEnd, type ExchangeEndOptions } from './exchange-end';
import { Http1Sink } from './http1-sink';
import type { Limits } from './options';
import { Http1Switch, watchForLeaving } from './protocol-switch'; // late
import { incomingBody } from './request-body';
import { hasBody } from './request-framing';
import { type BodyEnd, frameResponse } from './response-framing';
import { ClientGone, type ResponseSink } from './response-writer';

/** What a client's end needs beside the exchange's own two messages. */
export interface ClientEndOptions extends ExchangeEndOptions {
  readonly connection: ClientConnection;
  readonly limits: Pick<Limits, 'heldBody' | 'requestBody' | 'webSocketMessage' | 'webSocketClose'>;
  /** Aborts when the proxy is stopping: connections end with their response. */
  readonly stopping: AbortSignal;
  /** The client asks for another protocol, and its connection is read no further until it has an answer, the last in this one. */
  readonly mayUpgrade: boolean;
}

const REASONS: Readonly<Record<number, string>> = { 102: 'Processing', 103: 'Early Hints' };

/** The client's end of one exchange over HTTP/1; attaches the body to the request. */
export class Http1ClientEnd extends ExchangeEnd {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #options: ClientEndOptions;
  readonly switching?: ProtocolSwitch;
  readonly #hasBody: boolean;
  #endsWithConnection = false;
  #rest = (): void => {};

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    request: HttpRequest,
    options: ClientEndOptions,
  ) {
    super(request, options.connection.info, options);
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#options = options;
    this.#hasBody = hasBody(request.headers);
    if (this.#hasBody)
      request.body = incomingBody(incoming, request, {
        begin: () => this.askForBody(),
        now: options.now,
        patience: options.limits.requestBody,
      });
    else request.endedAt = options.now();
    if (!options.mayUpgrade) return;
    const { limits, now, stopping } = options;
    this.#rest = watchForLeaving(options.connection.socket);
    const gone = () => this.abort();
    this.switching = new Http1Switch(request, { limits, now, stopping, gone, detach: () => this.#detach() });
  }

  /** Nothing more can be said to the client. */
  closed(): void {
    if (!this.#outgoing.writableFinished) this.left();
  }

  protected override delivered(): void {
    if (this.switching) this.#options.connection.end();
  }

  kill(): void {
    this.#rest();
    if (this.isOver) return;
    this.isOver = true;
    const { connection } = this.#options;
    if (this.isHeadSent) connection.cut(this.#endsWithConnection);
    else connection.end();
  }

  protected get isHeadSent(): boolean {
    return this.#outgoing.headersSent;
  }

  protected frame(response: HttpResponse): { end: BodyEnd; sink: ResponseSink } {
    const framed = frameResponse(response, {
      method: this.request.method,
      httpVersion: this.request.httpVersion,
      keepAlive: this.#keepsAlive(),
    });
    this.#endsWithConnection = framed.end.kind === 'close';
    if (framed.closes) this.#incoming.resume();
    this.#rest();
    return { end: framed.end, sink: new Http1Sink(this.#outgoing, response, framed) };
  }

  protected sendInterim(status: number, headers: readonly HeaderPair[]): void {
    if (status === 100) return this.#outgoing.writeContinue();
    const { socket } = this.#outgoing;
    if (!socket?.writable || this.request.httpVersion === '1.0') return;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${lines.join('')}\r\n`, 'latin1');
  }

  #detach(): Socket {
    const { socket } = this.#options.connection;
    if (this.isGone || this.isOver || socket.destroyed) throw new ClientGone();
    this.isOver = true;
    this.#rest();
    this.#outgoing.detachSocket(socket);
    return socket;
  }

  #keepsAlive(): boolean {
    // A request body nobody has read to its end stands in the way of the next request.
    if ((this.#hasBody && !this.#incoming.complete) || this.awaitsContinue || this.#options.stopping.aborted)
      return false;
    if (this.switching || this.#options.connection.onlyMethod !== undefined) return false;
    const { connection = '', 'proxy-connection': proxyConnection = '' } = this.#incoming.headers;
    const options = connection.toLowerCase().split(/[,\s]+/);
    // Node's parser takes Proxy-Connection for Connection and will close: that has to be said.
    if (options.includes('close') || /\bclose\b/i.test(String(proxyConnection))) return false;
    return this.request.httpVersion !== '1.0' || options.includes('keep-alive');
  }
}
