import type { Socket } from 'node:net';
import { Patience } from './patience';
import { Permission } from './permission';
import { isUnexpected, writeRequest } from './request-writer';
import { UnfitResponse } from './response-head';
import { ResponseParser } from './response-parser';
import { closedError } from './upstream-errors';
import { type ExchangeConnection, type ExchangeOptions, UpstreamExchange } from './upstream-exchange';
import type { OutgoingRequest } from './upstream-request';
import { failureOf } from './upstream-socket';

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It may carry another exchange. */
  free(connection: UpstreamConnection): void;
  /** It is closed. */
  gone(connection: UpstreamConnection): void;
}

/** Milliseconds that a connection is kept between requests where a server does not say how long it keeps it: many keep it for five seconds. */
const KEPT = 4_000;
/** Milliseconds before the end of the time that a server keeps it: a request is on its way for a while. */
const MARGIN = 2_000;

/** Bytes of a header block, milliseconds until a response's head, and between requests. */
export interface ConnectionLimits {
  readonly headerBlock: number;
  readonly upstreamResponse: number;
  readonly idle: number;
}

/** One HTTP/1.1 connection to upstream: a socket, written to and read by one exchange after the other. */
export class UpstreamConnection implements ExchangeConnection {
  /** A byte has come since the request in hand has gone out. */
  isAnswered = false;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #limits: ConnectionLimits;
  readonly #parser: ResponseParser;
  #failure: Error | undefined;
  #exchange: UpstreamExchange | undefined;
  #permission: Permission | undefined;
  #isUsed = false;
  /** Not all of the request in hand has been written. */
  #isWriting = false;
  /** The request in hand allows another one behind it. */
  #isReusable = true;
  #isDetached = false;
  readonly #untilHead = new Patience(() => this.#headIsLate());
  readonly #untilNext = new Patience(() => this.#letGo());

  constructor(socket: Socket, limits: ConnectionLimits, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#limits = limits;
    this.#parser = new ResponseParser(limits.headerBlock);
    this.#failure = failureOf(socket);
    socket.on('error', (error: NodeJS.ErrnoException) => (this.#failure = error));
    socket.on('data', this.#read);
    // The other side reads on: it is not the one that is waited for.
    socket.on('drain', () => this.#untilHead.extend());
    socket.once('end', this.#ended);
    socket.once('close', () => {
      this.#exchange?.fail(this.#failure ?? closedError());
      this.#closeWaits();
      owner.gone(this);
    });
  }

  /** It can be written to. */
  get isOpen(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  /** Sends a request; one at a time. */
  exchange(request: OutgoingRequest, options: ExchangeOptions): UpstreamExchange {
    const exchange = new UpstreamExchange(this, request, options);
    this.#exchange = exchange;
    this.#untilNext.end();
    this.isAnswered = false;
    this.#socket.ref();
    const isFirst = !this.#isUsed;
    this.#isUsed = true;
    if (options.signal.aborted) exchange.leave('was left, because the client has gone');
    else if (isFirst) this.#write(request, options.where, exchange);
    // What has come meanwhile, be it a response to nothing or the end, is seen before anything is written.
    else setImmediate(() => this.#write(request, options.where, exchange));
    return exchange;
  }

  informed(status: number): void {
    // It is not counted how often content is asked for, so that this wins no time.
    if (status === 100) this.#permission?.give();
    else this.#untilHead.extend();
  }

  headArrived(): void {
    this.#untilHead.end();
    this.#permission?.refuse();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  detach(): Socket {
    this.#isDetached = true;
    this.#exchange = undefined;
    this.#closeWaits();
    this.#socket.off('data', this.#read).off('end', this.#ended).pause();
    return this.#socket;
  }

  release(isReusable: boolean, keptFor?: number): void {
    this.#exchange = undefined;
    this.#untilHead.end();
    const idleFor = Math.min(keptFor === undefined ? KEPT : keptFor - MARGIN, this.#limits.idle);
    // A server that has answered before it read all may never read it.
    const isRead = !this.#isWriting && this.#socket.writableLength === 0;
    const isKept = isReusable && this.#isReusable && isRead && idleFor > 0 && this.isOpen;
    if (!isKept) return this.#letGo();
    this.#socket.resume().unref();
    this.#untilNext.begin(idleFor);
    this.#owner.free(this);
  }

  /** Ends the connection at once. Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#letGo();
    if (!this.#socket.closed) await new Promise<void>((resolve) => this.#socket.once('close', resolve));
  }

  readonly #read = (bytes: Buffer) => {
    this.isAnswered = true;
    try {
      const rest = this.#parser.push(bytes);
      if (rest.length === 0) return;
      // Bytes behind a 101 are of the new protocol; all others answer nothing that was asked.
      if (this.#isDetached) this.#socket.unshift(rest);
      else this.#letGo();
    } catch (error) {
      if (error instanceof UnfitResponse) this.#exchange?.leave(error.message);
      else this.#exchange?.fail(error as Error);
      this.#letGo();
    }
  };

  readonly #ended = () => {
    // A reset behind bytes that waited to be read arrives as a plain end; but then there is no peer any more.
    if (!this.#socket.destroyed && this.#socket.remoteAddress === undefined)
      this.#failure ??= Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    if (this.#failure || !this.#parser.close()) this.#exchange?.fail(this.#failure ?? closedError());
    this.#letGo();
  };

  #write(request: OutgoingRequest, where: string, exchange: UpstreamExchange): void {
    if (this.#exchange !== exchange) return;
    if (!this.isOpen) return exchange.fail(this.#failure ?? closedError());
    exchange.isUnsent = false;
    this.#parser.expect(exchange);
    this.#isReusable = !request.closes && !isUnexpected(request);
    this.#permission = request.expectsContinue ? new Permission() : undefined;
    const writing = writeRequest(this.#socket, request, where, this.#permission);
    this.#untilHead.begin(this.#limits.upstreamResponse);
    if (!writing) return;
    this.#isWriting = true;
    void writing
      .then(
        () => this.#untilHead.extend(),
        (error: Error) => exchange.fail(error),
      )
      .finally(() => (this.#isWriting = false));
  }

  #headIsLate(): void {
    const { upstreamResponse } = this.#limits;
    // It has read all that there is so far.
    if (this.#isWriting && !this.#socket.writableNeedDrain) this.#untilHead.begin(upstreamResponse);
    else this.#exchange?.leave(`sent no response within ${upstreamResponse / 1000} s`, 504);
  }

  #closeWaits(): void {
    this.#untilHead.close();
    this.#untilNext.close();
  }

  #letGo(): void {
    this.#failure ??= new Error('the connection was closed from this side');
    this.#socket.destroy();
  }
}
