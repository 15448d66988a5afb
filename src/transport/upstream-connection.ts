import type { Socket } from 'node:net';
import type { Client } from 'undici';
import { ContinueFilter } from './continue-filter';
import { Permission } from './permission';
import { RequestRewriter } from './request-rewriter';
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

/** Limits that undici itself watches: bytes of a header block, milliseconds until a response's head, and between requests. */
export interface ConnectionLimits {
  readonly headerBlock: number;
  readonly upstreamResponse: number;
  readonly idle: number;
}

/**
 * One HTTP/1.1 connection: undici's parser and writer on a socket of ours. The socket's `write` and `read` are the places where what
 * undici cannot say or hear is put in or taken out.
 */
export class UpstreamConnection implements ExchangeConnection {
  failure: Error | undefined;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #limits: ConnectionLimits;
  #rewriter: RequestRewriter | undefined;
  #permission = new Permission();
  #write: ((chunk: unknown, ...rest: unknown[]) => boolean) | undefined;
  /** What has come of a response's head; undefined while none is awaited. */
  #head: Buffer[] | undefined;
  #answered = false;
  #filter = new ContinueFilter(0, () => {});

  constructor(Undici: typeof Client, socket: Socket, limits: ConnectionLimits, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#limits = limits;
    this.failure = failureOf(socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const { message, code } = error;
      this.failure = Object.assign(new Error(message, { cause: error }), code !== undefined && { code });
      // undici takes a reset for the end of a body that ends with its connection, and asserts that its parser does not wait then.
      if (code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
    });
    socket.once('end', () => {
      // A reset behind bytes that waited to be read arrives as a plain end; but then there is no peer any more.
      if (socket.destroyed || socket.remoteAddress !== undefined) return;
      this.failure ??= Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    });
    this.#intercept(socket);
    let socketGiven = false;
    // The origin is a stand-in: name, port and TLS are matters of the socket.
    this.#client = new Undici('http://upstream', {
      maxHeaderSize: limits.headerBlock,
      headersTimeout: limits.upstreamResponse,
      bodyTimeout: 0,
      keepAliveTimeout: Math.min(KEPT, limits.idle),
      keepAliveMaxTimeout: limits.idle,
      connect: (_options, callback) => {
        const first = !socketGiven;
        socketGiven = true;
        const closed = this.failure ?? Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' });
        queueMicrotask(() => (first ? callback(null, socket) : callback(closed, null)));
      },
    });
    socket.once('close', () => owner.gone(this));
  }

  /** It can be written to. */
  get isOpen(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  /** A byte has come since the request in hand has gone out. */
  get isAnswered(): boolean {
    return this.#answered;
  }

  /** The request in hand has gone out with a head of ours. */
  get headSent(): boolean {
    return this.#rewriter === undefined || this.#rewriter.headSent;
  }

  /** Sends a request; one at a time. */
  exchange(request: OutgoingRequest, options: ExchangeOptions): UpstreamExchange {
    const exchange = new UpstreamExchange(this, options);
    const { length } = request;
    this.#rewriter = new RequestRewriter(request);
    const permission = new Permission();
    this.#permission = permission;
    this.#filter = new ContinueFilter(this.#limits.headerBlock, () => permission.give());
    const body = request.expectsContinue ? this.#withPermission(request.body, permission) : request.body;
    const announced = body === null || Buffer.isBuffer(body) || length === undefined;
    this.#client.dispatch(
      {
        path: '/',
        method: request.method,
        body: body as Buffer | null,
        headers: announced ? [] : ['content-length', String(length)],
        // Any one will do: the head is ours.
        ...(request.protocols.length > 0 && { upgrade: 'websocket' }),
      },
      exchange,
    );
    return exchange;
  }

  takeHead(): Buffer[] {
    this.#permission.refuse();
    const head = this.#head ?? [];
    this.#head = undefined;
    return head;
  }

  release(isReusable: boolean): void {
    if (isReusable) this.#owner.free(this);
    else this.#letGo();
  }

  /** Ends the connection at once. Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.#letGo();
    await this.#client.destroy();
  }

  /** With an error: without one undici takes a body that ends with its connection for whole, and asserts that nobody had left it. */
  #letGo(): void {
    const reason = new Error('the connection was closed from this side');
    this.failure ??= reason;
    this.#socket.destroy(reason);
  }

  /** Content that waits for 100; the head goes ahead of it. */
  async *#withPermission(body: OutgoingRequest['body'], permission: Permission): AsyncGenerator<Buffer> {
    this.#begin();
    this.#write?.(this.#rewriter?.early(), 'latin1');
    if ((await permission.given(this.#socket)) && body !== null && !Buffer.isBuffer(body)) yield* body;
  }

  #begin(): void {
    this.#head = [];
    this.#answered = false;
  }

  #intercept(socket: Socket): void {
    const write = socket.write.bind(socket) as (chunk: unknown, ...rest: unknown[]) => boolean;
    this.#write = write;
    socket.write = ((chunk: unknown, ...rest: unknown[]) => {
      if (!this.headSent) this.#begin();
      return write(this.#rewriter ? this.#rewriter.rewrite(chunk) : chunk, ...rest);
    }) as Socket['write'];
    const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    socket.read = (size?: number) => {
      const bytes = read(size);
      if (bytes !== null) this.#answered = true;
      const chunk = bytes && this.#head ? this.#filter.pass(bytes) : bytes;
      if (chunk !== null) this.#head?.push(chunk);
      return chunk;
    };
  }
}
