import type { Socket } from 'node:net';
import type { Client } from 'undici';
import { ContinueFilter } from './continue-filter';
import { type ExchangeConnection, type ExchangeOptions, UpstreamExchange } from './upstream-exchange';
import type { Framing, OutgoingRequest } from './upstream-request';

/** How undici ends a body in chunks. */
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It may carry another exchange. */
  free(connection: UpstreamConnection): void;
  /** It is closed. */
  gone(connection: UpstreamConnection): void;
}

/** Limits that undici itself watches: bytes of a header block, milliseconds until a response's head. */
export interface ConnectionLimits {
  readonly headerBlock: number;
  readonly upstreamResponse: number;
}

/**
 * One HTTP/1.1 connection: undici's parser and writer on a socket of ours.
 *
 * undici writes a head of its own order, with lines of its own. Since it does so as one string, the socket's `write` is the
 * place to put ours instead; undici's only tells the framing that it decided on.
 */
export class UpstreamConnection implements ExchangeConnection {
  failure: Error | undefined;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #request: OutgoingRequest | undefined;
  /** What has come of a response's head; undefined while none is awaited. */
  #head: Buffer[] | undefined;
  #answered = false;
  #trailers: OutgoingRequest['trailers'] = () => [];
  #filter = new ContinueFilter();

  constructor(Undici: typeof Client, socket: Socket, limits: ConnectionLimits, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
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
    this.#replaceHeads(socket);
    let socketGiven = false;
    // The origin is a stand-in: name, port and TLS are matters of the socket.
    this.#client = new Undici('http://upstream', {
      maxHeaderSize: limits.headerBlock,
      headersTimeout: limits.upstreamResponse,
      bodyTimeout: 0,
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
    return this.#request === undefined;
  }

  /** Sends a request; one at a time. */
  exchange(request: OutgoingRequest, options: ExchangeOptions): UpstreamExchange {
    const exchange = new UpstreamExchange(this, options);
    this.#request = request;
    this.#trailers = () => request.trailers();
    const { length } = request;
    // Trailers stand behind chunks only, and undici sends what is at hand with its length.
    const inChunks = Buffer.isBuffer(request.body) && request.trailers().length > 0;
    const body = inChunks ? piecesOf(request.body) : request.body;
    const announced = inChunks || body === null || Buffer.isBuffer(body) || length === undefined;
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

  #replaceHeads(socket: Socket): void {
    const write = socket.write.bind(socket) as (chunk: unknown, ...rest: unknown[]) => boolean;
    socket.write = ((chunk: unknown, ...rest: unknown[]) => {
      const request = this.#request;
      if (request === undefined)
        return write(chunk === LAST_CHUNK ? lastChunk(this.#trailers()) : chunk, ...rest);
      if (typeof chunk !== 'string') throw new Error('undici has begun a request without a head');
      this.#request = undefined;
      this.#head = [];
      this.#answered = false;
      this.#filter = new ContinueFilter();
      const close = chunk.includes('\r\nconnection: close\r\n');
      const framing = framingOf(chunk);
      const isEmpty = framing === 'none' || (framing !== 'chunked' && framing.length === '0');
      const trailers = isEmpty ? request.trailers() : [];
      if (trailers.length > 0) return write(request.head('chunked', close) + lastChunk(trailers), ...rest);
      return write(request.head(framing, close), ...rest);
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

async function* piecesOf(body: OutgoingRequest['body']): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(body)) yield body;
}

function lastChunk(trailers: ReturnType<OutgoingRequest['trailers']>): string {
  return `\r\n0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** The framing at the end of a head that undici wrote. */
function framingOf(head: string): Framing {
  if (head.endsWith('\r\ntransfer-encoding: chunked\r\n')) return 'chunked';
  const length = /\r\ncontent-length: (\d+)\r\n\r\n$/.exec(head)?.[1];
  return length === undefined ? 'none' : { length };
}
