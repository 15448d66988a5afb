import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientEnd, InterimResponse, ProtocolSwitch } from '../core/ends';
import type { ClientInfo } from '../core/flow';
import { BodySpool } from '../http/body-spool';
import { HOP_BY_HOP } from '../http/hop-by-hop';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ClientConnection } from './client-connection';
import type { Limits } from './options';
import { Http1Switch, watchForLeaving } from './protocol-switch';
import { incomingBody } from './request-body';
import { hasBody } from './request-framing';
import { frameResponse } from './response-framing';
import { ClientGone, writeResponse } from './response-writer';

/** What a client's end needs beside the exchange's own two messages. */
export interface ClientEndOptions {
  readonly connection: ClientConnection;
  /** Of a request's body: bytes kept in memory, milliseconds for its next part. */
  readonly limits: Pick<Limits, 'heldBody' | 'requestBody' | 'webSocketMessage' | 'webSocketClose'>;
  readonly now: () => number;
  /** The client waits for 100 before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** Aborts when the proxy is stopping: connections end with their response. */
  readonly stopping: AbortSignal;
  /** The client asks for another protocol, and its connection is read no further until it has an answer, the last in this one. */
  readonly mayUpgrade: boolean;
  readonly session: string;
}

/** The client's end of one exchange over HTTP/1; attaches the body to the request. */
export class Http1ClientEnd implements ClientEnd {
  readonly info: ClientInfo;
  readonly signal: AbortSignal;
  readonly session: string;
  readonly switching?: ProtocolSwitch;

  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #request: HttpRequest;
  readonly #options: ClientEndOptions;
  readonly #gone = new AbortController();
  readonly #hasBody: boolean;
  #awaitsContinue: boolean;
  #bodyRead = false;
  #over = false;
  #endsWithConnection = false;
  #discard = (): void => {};
  #rest = (): void => {};

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    request: HttpRequest,
    options: ClientEndOptions,
  ) {
    this.info = options.connection.info;
    this.signal = this.#gone.signal;
    this.session = options.session;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#request = request;
    this.#options = options;
    outgoing.once('close', () => {
      if (!this.#over && !outgoing.writableFinished) this.#gone.abort(new ClientGone());
    });
    this.#hasBody = hasBody(request.headers);
    this.#awaitsContinue = options.expectsContinue;
    if (this.#hasBody)
      request.body = incomingBody(incoming, request, {
        begin: () => this.#continue(),
        now: options.now,
        patience: options.limits.requestBody,
      });
    else request.endedAt = options.now();
    if (!options.mayUpgrade) return;
    const { limits, now, stopping } = options;
    this.#rest = watchForLeaving(options.connection.socket);
    const gone = () => this.#gone.abort(new ClientGone());
    this.switching = new Http1Switch(request, { limits, now, stopping, gone, detach: () => this.#detach() });
  }

  async readBody(): Promise<void> {
    if (this.#bodyRead || this.#request.body.kind !== 'stream') return;
    this.#bodyRead = true;
    const spool = new BodySpool(this.#options.limits.heldBody);
    this.#discard = () => spool.discard();
    for await (const chunk of this.#request.body.chunks()) spool.write(chunk);
    this.#request.body = spool.body();
  }

  inform({ status, headers }: InterimResponse): void {
    const { socket, headersSent } = this.#outgoing;
    const isOurs = status < 102 || status > 199;
    if (isOurs || headersSent || !socket?.writable || this.#over || this.#request.httpVersion === '1.0')
      return;
    const lines = [...headers]
      .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const reason = status === 103 ? 'Early Hints' : status === 102 ? 'Processing' : '';
    socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`, 'latin1');
  }

  async deliver(
    response: HttpResponse,
    onHead: () => void,
    beforeEnd: (() => Promise<void>) | undefined,
  ): Promise<void> {
    if (this.signal.aborted || this.#over) throw new ClientGone();
    const framed = frameResponse(response, {
      method: this.#request.method,
      httpVersion: this.#request.httpVersion,
      keepAlive: this.#keepsAlive(),
    });
    this.#endsWithConnection = framed.end.kind === 'close';
    if (framed.closes) this.#incoming.resume();
    this.#rest();
    try {
      await writeResponse(this.#outgoing, response, framed, onHead, beforeEnd);
      this.#over = true;
      if (this.switching) this.#options.connection.end();
    } catch (error) {
      if (error instanceof ClientGone && !this.#over) this.#gone.abort(error);
      // Before its head the exchange can still say something else; after it, nothing may be added.
      if (this.#outgoing.headersSent) this.kill();
      throw error;
    }
  }

  kill(): void {
    this.#rest();
    if (this.#over) return;
    this.#over = true;
    const { connection } = this.#options;
    if (this.#outgoing.headersSent) connection.cut(this.#endsWithConnection);
    else connection.end();
  }

  discard(): void {
    this.#discard();
    this.#discard = () => {};
  }

  #continue(): void {
    if (this.#awaitsContinue && !this.#outgoing.headersSent && !this.#over) this.#outgoing.writeContinue();
    this.#awaitsContinue = false;
  }

  #detach(): Socket {
    const { socket } = this.#options.connection;
    if (this.signal.aborted || this.#over || socket.destroyed) throw new ClientGone();
    this.#over = true;
    this.#rest();
    this.#outgoing.detachSocket(socket);
    return socket;
  }

  #keepsAlive(): boolean {
    // A request body nobody has read to its end stands in the way of the next request.
    if ((this.#hasBody && !this.#incoming.complete) || this.#awaitsContinue || this.#options.stopping.aborted)
      return false;
    if (this.switching) return false;
    const { connection = '', 'proxy-connection': proxyConnection = '' } = this.#incoming.headers;
    const options = connection.toLowerCase().split(/[,\s]+/);
    // Node's parser takes Proxy-Connection for Connection and will close: that has to be said.
    if (options.includes('close') || /\bclose\b/i.test(String(proxyConnection))) return false;
    return this.#request.httpVersion !== '1.0' || options.includes('keep-alive');
  }
}
