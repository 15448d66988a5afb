import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientEnd, InterimResponse } from '../core/ends';
import type { ClientInfo } from '../core/flow';
import { BodySpool } from '../http/body-spool';
import { HOP_BY_HOP } from '../http/hop-by-hop';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ClientConnection } from './client-connection';
import type { Limits } from './options';
import { incomingBody } from './request-body';
import { hasBody } from './request-framing';
import { frameResponse } from './response-framing';
import { ClientGone, writeResponse } from './response-writer';

/** What a client's end needs beside the exchange's own two messages. */
export interface ClientEndOptions {
  readonly connection: ClientConnection;
  /** Of a request's body: bytes kept in memory, milliseconds for its next part. */
  readonly limits: Pick<Limits, 'heldBody' | 'requestBody'>;
  readonly now: () => number;
  /** The client waits for 100 before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** True when the proxy is stopping: connections end with their response. */
  readonly stopping: () => boolean;
  readonly session: string;
}

/** The client's end of one exchange over HTTP/1; attaches the body to the request. */
export class Http1ClientEnd implements ClientEnd {
  readonly info: ClientInfo;
  readonly signal: AbortSignal;
  readonly session: string;

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
    try {
      await writeResponse(this.#outgoing, response, framed, onHead, beforeEnd);
      this.#over = true;
    } catch (error) {
      if (error instanceof ClientGone && !this.#over) this.#gone.abort(error);
      // Before its head the exchange can still say something else; after it, nothing may be added.
      if (this.#outgoing.headersSent) this.kill();
      throw error;
    }
  }

  kill(): void {
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

  #keepsAlive(): boolean {
    // A request body nobody has read to its end stands in the way of the next request.
    if ((this.#hasBody && !this.#incoming.complete) || this.#awaitsContinue || this.#options.stopping())
      return false;
    const { connection = '', 'proxy-connection': proxyConnection = '' } = this.#incoming.headers;
    const options = connection.toLowerCase().split(/[,\s]+/);
    // Node's parser takes Proxy-Connection for Connection and will close: that has to be said.
    if (options.includes('close') || /\bclose\b/i.test(String(proxyConnection))) return false;
    return this.#request.httpVersion !== '1.0' || options.includes('keep-alive');
  }
}
