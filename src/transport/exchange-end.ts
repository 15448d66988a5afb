import type { ClientEnd, InterimResponse } from '../core/ends';
import type { ClientInfo } from '../core/flow';
import { BodySpool } from '../http/body-spool';
import { HOP_BY_HOP } from '../http/hop-by-hop';
import type { HeaderPair } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Limits } from './options';
import type { BodyEnd } from './response-framing';
import { ClientGone, type ResponseSink, writeResponse } from './response-writer';

/** What every client's end needs beside the messages. */
export interface ExchangeEndOptions {
  /** Of a request's body: bytes kept in memory, milliseconds for its next part. */
  readonly limits: Pick<Limits, 'heldBody' | 'requestBody'>;
  readonly now: () => number;
  /** The client waits for 100 before it sends the body (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  readonly session: string;
}

/** What the client's end of an exchange is like in every version of HTTP. */
export abstract class ExchangeEnd implements ClientEnd {
  readonly info: ClientInfo;
  readonly session: string;

  readonly request: HttpRequest;
  /** The last word of this exchange has been said, or it never will be. */
  protected isOver = false;
  protected awaitsContinue: boolean;
  #gone: AbortController | undefined;
  #isGone = false;
  readonly #heldBody: number;
  #bodyRead = false;
  #discard = (): void => {};

  constructor(
    request: HttpRequest,
    info: ClientInfo,
    { session, limits, expectsContinue }: ExchangeEndOptions,
  ) {
    this.info = info;
    this.session = session;
    this.request = request;
    this.awaitsContinue = expectsContinue;
    this.#heldBody = limits.heldBody;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get signal(): AbortSignal {
    if (!this.#gone) {
      this.#gone = new AbortController();
      if (this.#isGone) this.#gone.abort(new ClientGone());
    }
    return this.#gone.signal;
  }

  /** True once nothing but this response can be said. */
  protected abstract get isHeadSent(): boolean;

  /** Makes a response ready for this client. */
  protected abstract frame(response: HttpResponse): { readonly end: BodyEnd; readonly sink: ResponseSink };

  /** Sends `HTTP 1xx`; the client can take it. */
  protected abstract sendInterim(status: number, headers: readonly HeaderPair[]): void;

  /** The response is through. */
  protected delivered(): void {}

  abstract kill(): void;

  async readBody(): Promise<void> {
    if (this.#bodyRead || this.request.body.kind !== 'stream') return;
    this.#bodyRead = true;
    const spool = new BodySpool(this.#heldBody);
    this.#discard = () => spool.discard();
    for await (const chunk of this.request.body.chunks()) spool.write(chunk);
    this.request.body = spool.body();
  }

  inform({ status, headers }: InterimResponse): void {
    const isOurs = status < 102 || status > 199;
    if (isOurs || this.isHeadSent || this.isOver) return;
    this.sendInterim(
      status,
      [...headers].filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())),
    );
  }

  deliver(
    response: HttpResponse,
    onHead: () => void,
    beforeEnd: (() => Promise<void>) | undefined,
  ): Promise<void> | undefined {
    if (this.#isGone || this.isOver) throw new ClientGone();
    const { end, sink } = this.frame(response);
    try {
      const written = writeResponse(sink, response, end, onHead, beforeEnd);
      if (written) return written.then(() => this.#through()).catch((error) => this.#brokenOff(error));
      this.#through();
    } catch (error) {
      this.#brokenOff(error);
    }
    return undefined;
  }

  #through(): void {
    this.isOver = true;
    this.delivered();
  }

  #brokenOff(error: unknown): never {
    if (error instanceof ClientGone) this.left();
    // Before its head the exchange can still say something else; after it, nothing may be added.
    if (this.isHeadSent) this.kill();
    throw error;
  }

  discard(): void {
    this.#discard();
    this.#discard = () => {};
  }

  /** The client has gone before the end. */
  protected left(): void {
    if (!this.isOver) this.abort();
  }

  /** Tells all who wait for this client that it has gone. */
  protected abort(): void {
    this.#isGone = true;
    this.#gone?.abort(new ClientGone());
  }

  /** The body is wanted now. */
  protected askForBody(): void {
    if (this.awaitsContinue && !this.isHeadSent && !this.isOver) this.sendInterim(100, []);
    this.awaitsContinue = false;
  }
}
