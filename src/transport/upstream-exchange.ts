import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { InterimResponse } from '../core/ends';
import { UpstreamError } from '../errors';
import { HttpHeaders } from '../http/headers';
import type { HttpResponse } from '../http/response';
import { ArrivingResponse } from './arriving-response';
import { reasonPhrase } from './reason-phrase';
import { exchangeError, isClosing } from './upstream-errors';
import { protocolOf, unfitResponse } from './unfit-response';

/** What an exchange has to know. */
export interface ExchangeOptions {
  /** `host:port`, for error sentences. */
  readonly where: string;
  readonly limits: { readonly headerBlock: number; readonly upstreamResponse: number };
  readonly now: () => number;
  readonly inform: (interim: InterimResponse) => void;
  /** Lets go of the connection when it aborts. */
  readonly signal: AbortSignal;
}

/** What an exchange asks of the connection that it runs on. */
export interface ExchangeConnection {
  /** An error of the socket, which the parser may have taken for the end of a body. */
  readonly failure: Error | undefined;
  /** A byte has come since the request went out. */
  readonly isAnswered: boolean;
  /** The request went out as it should. */
  readonly headSent: boolean;
  /** Gives away the bytes that have come since the request, the head of a response among them. */
  takeHead(): readonly Buffer[];
  /** The exchange is over; whether the connection may carry another one. */
  release(isReusable: boolean): void;
}

/** One request and its response on one connection: undici's callbacks on one side, an HttpResponse on the other. */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  /** The response's head, its body still coming. Rejects with an UpstreamError. */
  readonly response: Promise<HttpResponse>;
  /** HTTP/1.1 knows no way to refuse a request so that it may be sent again. */
  readonly isRefused = false;
  /** The connection, once upstream has changed its protocol with a 101. */
  switched: Socket | undefined;
  readonly #options: ExchangeOptions;
  readonly #connection: ExchangeConnection;
  readonly #arriving: ArrivingResponse;
  #controller: Dispatcher.DispatchController | undefined;
  #givenUp: UpstreamError | undefined;
  #closed = false;

  constructor(connection: ExchangeConnection, options: ExchangeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#arriving = new ArrivingResponse(options);
    this.response = this.#arriving.response;
    options.signal.addEventListener('abort', this.#abort, { once: true });
    if (options.signal.aborted) this.#abort();
  }

  readonly #abort = () => this.giveUp('was left, because the client has gone');

  /** No byte of the request has been written. */
  get isUnsent(): boolean {
    return this.#controller === undefined;
  }

  /** The other side closed the connection without one byte of a response. */
  get isUnanswered(): boolean {
    return this.#closed && !this.#connection.isAnswered;
  }

  /** Lets go of the connection; what has not arrived is missing. */
  giveUp(sentence: string, status: 502 | 504 = 502): void {
    this.#givenUp ??= new UpstreamError(`${this.#options.where} ${sentence}`, { status });
    if (!this.#arriving.head) this.#arriving.fail(this.#givenUp);
    this.#controller?.abort(this.#givenUp);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#givenUp) controller.abort(this.#givenUp);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason = '',
  ): void {
    if (!this.#connection.headSent)
      throw new UpstreamError('undici has sent a request head of its own making');
    const headers = HttpHeaders.fromRaw(latin1(controller.rawHeaders));
    if (status === 101) return this.giveUp('switched protocols without saying to which');
    if (status < 200) {
      const problem = this.#arriving.inform(status, headers);
      return problem === undefined ? undefined : this.giveUp(problem);
    }
    const { limits } = this.#options;
    const head = this.#connection.takeHead();
    const protocol = protocolOf(status, head);
    const phrase = reasonPhrase(reason, status, head);
    const problem = unfitResponse({ status, reason: phrase, headers, protocol }, limits);
    if (problem !== undefined) return this.giveUp(problem);
    const httpVersion = protocol.slice('HTTP/'.length);
    const response = this.#arriving.begin(
      { status, reason: phrase, httpVersion, headers },
      {
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        leave: (sentence) => this.giveUp(sentence),
        silent: (sentence) => this.giveUp(sentence, 504),
      },
    );
    if (this.#mayHaveMore(response)) this.#arriving.end();
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    socket: unknown,
  ): void {
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.switched = socket as Socket;
    this.#arriving.begin({
      status,
      reason: reasonPhrase(undefined, status, this.#connection.takeHead()),
      headers: HttpHeaders.fromRaw(latin1(controller.rawHeaders)),
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#arriving.push(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const failure = this.#givenUp ?? this.#connection.failure;
    if (failure) return this.onResponseError(controller, failure);
    const { head } = this.#arriving;
    if (!head) return;
    for (const [name, value] of HttpHeaders.fromRaw(latin1(controller.rawTrailers))) {
      head.trailers.append(name, value);
    }
    this.#arriving.end();
    this.#release(!this.#mayHaveMore(head));
  }

  onResponseError(_controller: unknown, thrown: Error): void {
    if (this.#arriving.isWhole) return this.#release(false);
    const cause = this.#givenUp ?? this.#connection.failure ?? thrown;
    this.#closed = isClosing(cause);
    const { where, limits } = this.#options;
    this.#arriving.fail(exchangeError(cause, where, this.#arriving.progress, limits));
    this.#release(false);
  }

  #release(isReusable: boolean): void {
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#connection.release(isReusable);
  }

  /**
   * A response that has no body by its status but announces one. It ends with its head (RFC 9112 §6.3), which undici does not
   * see when there is a Content-Length; bytes may follow that belong to nothing.
   */
  #mayHaveMore({ status, headers }: HttpResponse): boolean {
    if (status !== 204 && status !== 304) return false;
    return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
  }
}

/** undici's list of bytes as Node's flat list, one character a byte. */
function latin1(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw)
    ? raw.map((item) => (typeof item === 'string' ? item : item.toString('latin1')))
    : [];
}
