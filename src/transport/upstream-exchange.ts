import type { Socket } from 'node:net';
import type { InterimResponse } from '../core/ends';
import { UpstreamError } from '../errors';
import type { HttpHeaders } from '../http/headers';
import { connectionOptions } from '../http/hop-by-hop';
import type { HttpResponse } from '../http/response';
import { type ArrivingSource, ArrivingResponse } from './arriving-response';
import type { ResponseFraming, ResponseHead } from './response-head';
import type { ResponseReader } from './response-parser';
import { exchangeError, isClosing } from './upstream-errors';

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
  /** A byte has come since the request went out. */
  readonly isAnswered: boolean;
  /** An interim response has come: 100 allows content to be sent. */
  informed(status: number): void;
  /** The head has come: no more is waited for it, and nobody asks for content any more. */
  headArrived(): void;
  pause(): void;
  resume(): void;
  /** Gives the socket away, HTTP having ended on it. */
  detach(): Socket;
  /** The exchange is over; whether its response allows another one on the connection, and how many milliseconds later if it says so. */
  release(isReusable: boolean, keptFor?: number): void;
}

/** One request and its response on one HTTP/1.1 connection: what its parser reads on one side, an HttpResponse on the other. */
export class UpstreamExchange implements ResponseReader, ArrivingSource {
  readonly method: string;
  /** The response's head, its body still coming. Rejects with an UpstreamError. */
  readonly response: Promise<HttpResponse>;
  /** HTTP/1.1 knows no way to refuse a request so that it may be sent again. */
  readonly isRefused = false;
  /** No byte of the request has been written. */
  isUnsent = true;
  /** The connection, once upstream has changed its protocol with a 101. */
  switched: Socket | undefined;
  readonly #mayUpgrade: boolean;
  readonly #options: ExchangeOptions;
  readonly #connection: ExchangeConnection;
  readonly #arriving: ArrivingResponse;
  #isReusable = false;
  #keptFor: number | undefined;
  #isOver = false;
  #closed = false;

  constructor(
    connection: ExchangeConnection,
    { method, protocols }: { readonly method: string; readonly protocols: readonly string[] },
    options: ExchangeOptions,
  ) {
    this.method = method;
    this.#mayUpgrade = protocols.length > 0;
    this.#connection = connection;
    this.#options = options;
    this.#arriving = new ArrivingResponse(options);
    this.response = this.#arriving.response;
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = () => this.leave('was left, because the client has gone');

  /** The other side closed the connection without one byte of a response. */
  get isUnanswered(): boolean {
    return this.#closed && !this.#connection.isAnswered;
  }

  interim({ status, headers }: ResponseHead): void {
    if (this.#isOver) return;
    this.#connection.informed(status);
    const problem = status === 100 ? undefined : this.#arriving.inform(status, headers);
    if (problem !== undefined) this.leave(problem);
  }

  begin({ status, reason, httpVersion, headers }: ResponseHead, framing: ResponseFraming): void {
    if (this.#isOver) return;
    this.#connection.headArrived();
    if (status === 101) {
      if (!isSwitch(headers)) return this.leave('switched protocols without saying to which');
      if (!this.#mayUpgrade) return this.leave('switched protocols, which it was not asked to');
      this.#finish();
      this.switched = this.#connection.detach();
      this.#arriving.begin({ status, reason, headers });
      return;
    }
    this.#isReusable =
      framing !== 'close' && isKept(headers, httpVersion) && !this.#mayHaveMore(status, headers);
    // Read now: from here on the headers are for others to change.
    this.#keptFor = keptFor(headers);
    this.#arriving.begin({ status, reason, httpVersion, headers }, this);
  }

  content(bytes: Buffer): void {
    if (!this.#isOver) this.#arriving.push(bytes);
  }

  end(trailers: HttpHeaders): void {
    const { head } = this.#arriving;
    if (this.#isOver || !head) return;
    for (const [name, value] of trailers) head.trailers.append(name, value);
    this.#arriving.end();
    this.#finish();
    this.#connection.release(this.#isReusable, this.#keptFor);
  }

  pause(): void {
    if (!this.#isOver) this.#connection.pause();
  }

  resume(): void {
    if (!this.#isOver) this.#connection.resume();
  }

  /** Lets go of the connection; what has not arrived is missing. */
  leave(sentence: string, status: 502 | 504 = 502): void {
    this.fail(new UpstreamError(`${this.#options.where} ${sentence}`, { status }));
  }

  silent(sentence: string): void {
    this.leave(sentence, 504);
  }

  /** It broke off: the socket failed, what came is no response, or the request could not be written. */
  fail(cause: Error): void {
    if (this.#isOver) return;
    this.#closed = isClosing(cause);
    this.#arriving.fail(exchangeError(cause, this.#options.where, this.#arriving.progress));
    this.#finish();
    this.#connection.release(false);
  }

  #finish(): void {
    this.#isOver = true;
    this.#options.signal.removeEventListener('abort', this.#abort);
  }

  /**
   * A response that has no body by its status but announces one. It ends with its head (RFC 9112 §6.3); bytes may follow that belong to
   * nothing.
   */
  #mayHaveMore(status: number, headers: HttpHeaders): boolean {
    if (status !== 204 && status !== 304) return false;
    return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
  }
}

/** Whether a connection persists behind a response (RFC 9112 §9.3). */
function isKept(headers: HttpHeaders, httpVersion: string): boolean {
  const options = connectionOptions(headers);
  const old = headers.get('proxy-connection')?.trim().toLowerCase();
  if (options.includes('close') || old === 'close') return false;
  return httpVersion !== '1.0' || options.includes('keep-alive') || old === 'keep-alive';
}

/** Whether a 101 says what its connection speaks from now on (RFC 9110 §7.8). */
function isSwitch(headers: HttpHeaders): boolean {
  return headers.has('upgrade') && connectionOptions(headers).includes('upgrade');
}

/** How long a server says that it keeps the connection, in milliseconds. */
function keptFor(headers: HttpHeaders): number | undefined {
  const seconds = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
