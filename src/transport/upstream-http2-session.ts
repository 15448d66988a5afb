import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { UpstreamError } from '../errors';
import { Http2Exchange } from './upstream-http2-exchange';
import type { ExchangeOptions } from './upstream-exchange';
import { mayHaveTrailers } from './upstream-http2-body';
import { http2Error } from './upstream-http2-errors';
import { http2Fields } from './upstream-http2-fields';
import { Http2Pulse } from './upstream-http2-pulse';
import type { OutgoingRequest } from './upstream-request';
import { failureOf } from './upstream-socket';

/** Limits of an HTTP/2 connection: bytes of a header block, milliseconds that it is kept without a stream, and that it may take to prove alive. */
export interface SessionLimits {
  readonly upstreamConnect: number;
  readonly headerBlock: number;
  readonly idle: number;
}

/** Streams at a time, where the other side allows more. */
const MOST_STREAMS = 256;
/** Bytes that may be on their way to us: of one stream, and of all together, which never wait for a slow reader. */
const STREAM_WINDOW = 1024 * 1024;
const WINDOW = 16 * 1024 * 1024;
/** Milliseconds in which a connection has to end that is not used any more. */
const PARTING = 1000;

/** One HTTP/2 connection to an origin: many exchanges at a time. */
export class Http2Session {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #limits: SessionLimits;
  readonly #pulse: Http2Pulse;
  #streams = 0;
  #isRetired = false;
  #failure: Error | undefined;
  #lastStream: number | undefined;
  #idle: NodeJS.Timeout | undefined;

  private constructor(session: ClientHttp2Session, socket: Socket, where: string, limits: SessionLimits) {
    this.#session = session;
    this.#socket = socket;
    this.#limits = limits;
    this.#pulse = new Http2Pulse(session, socket, limits.upstreamConnect, () => {
      this.#failure ??= new UpstreamError(
        `${where} sent what is no HTTP/2, or fell silent in the middle of it, so that its connection was given up`,
      );
      session.destroy();
      socket.destroy();
    });
    // Node does not tell the session of what TLS finds wrong.
    socket.on('error', (error) => {
      this.#failure ??= error;
      session.destroy();
      socket.destroy();
    });
    session
      .on('error', (error) => (this.#failure ??= error))
      .once('close', () => {
        clearTimeout(this.#idle);
        this.#pulse.stop();
      })
      .on('goaway', (_code, lastStream) => {
        this.#isRetired = true;
        this.#lastStream = lastStream;
      });
  }

  /**
   * Begins HTTP/2 on a socket; no request has left when it resolves. Rejects, with the socket closed, when the other side does not
   * answer with HTTP/2 within `patience` milliseconds; with an UpstreamError when it does, but takes no request.
   */
  static async begin(
    socket: Socket,
    where: string,
    patience: number,
    limits: SessionLimits,
  ): Promise<Http2Session> {
    const closed = (failure?: Error) => failure ?? failureOf(socket) ?? new Error('it closed the connection');
    // Node would wait for ever.
    if (socket.destroyed) throw closed();
    const session = connect('http://upstream', {
      createConnection: () => socket,
      // A line counts 32 bytes and what it says (RFC 9113 §6.5.2).
      maxHeaderListPairs: Math.ceil(limits.headerBlock / 32),
      settings: {
        enablePush: false,
        initialWindowSize: STREAM_WINDOW,
        maxHeaderListSize: limits.headerBlock,
      },
    });
    const begun = new Http2Session(session, socket, where, limits);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        session.destroy();
        socket.destroy();
        reject(new Error('it said nothing'));
      }, patience);
      const close = () => {
        clearTimeout(late);
        reject(closed(begun.failure));
      };
      socket.once('error', close);
      session.once('close', close).once('remoteSettings', () => {
        clearTimeout(late);
        resolve();
      });
    });
    if (session.destroyed) throw closed(begun.failure);
    if (session.remoteSettings.maxConcurrentStreams === 0) {
      session.destroy();
      throw new UpstreamError(`${where} allows no requests on its HTTP/2 connections`);
    }
    session.setLocalWindowSize(WINDOW);
    return begun;
  }

  /** It takes another exchange. */
  get hasRoom(): boolean {
    const { closed, destroyed, remoteSettings } = this.#session;
    if (closed || destroyed || this.#isRetired || !this.#socket.writable) return false;
    return this.#streams < Math.min(remoteSettings.maxConcurrentStreams ?? MOST_STREAMS, MOST_STREAMS);
  }

  /** It takes no exchange any more. */
  get isSpent(): boolean {
    return this.#session.closed || this.#session.destroyed || this.#isRetired;
  }

  get isGone(): boolean {
    return this.#session.destroyed || this.#socket.destroyed;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  disowns(stream: number | undefined): boolean {
    return this.#lastStream !== undefined && stream !== undefined && stream > this.#lastStream;
  }

  /** Takes a place for an exchange, which is to follow; only when there is room. */
  book(): void {
    if (this.#streams === 0) this.#session.ref();
    this.#pulse.start();
    clearTimeout(this.#idle);
    this.#streams += 1;
  }

  /** Sends a request in the place that was taken for it. */
  exchange(request: OutgoingRequest, options: ExchangeOptions): Http2Exchange {
    const withTrailers = mayHaveTrailers(request);
    try {
      const stream = this.#session.request(http2Fields(request), {
        endStream: request.body === null && !withTrailers,
        waitForTrailers: withTrailers,
      });
      return new Http2Exchange(stream, request, this, options);
    } catch (error) {
      this.release(false);
      throw http2Error(this.#failure ?? (error as Error), {
        ...options,
        progress: { begun: false, received: 0, expected: undefined },
        rstCode: constants.NGHTTP2_NO_ERROR,
        isGone: this.isGone,
      });
    }
  }

  release(silent: boolean): void {
    this.#streams -= 1;
    if (silent) this.#isRetired = true;
    if (this.#streams > 0 || this.#session.destroyed) return;
    this.#pulse.stop();
    if (this.#isRetired) return this.#part();
    // Waits for the next one without keeping the process alive, and ends when none comes.
    this.#session.unref();
    this.#idle = setTimeout(() => this.#part(), this.#limits.idle).unref();
  }

  /** Ends after what is still to be written, which nobody may read. */
  #part(): void {
    this.#session.close();
    setTimeout(() => this.#session.destroy(), PARTING).unref();
  }

  /** Calls `gone` when it is closed. */
  onGone(gone: () => void): void {
    this.#session.once('close', gone);
  }

  /** Ends the connection at once. Resolves when the socket is closed. */
  async close(): Promise<void> {
    const closed = this.#socket.closed
      ? undefined
      : new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.#session.destroy();
    this.#socket.destroy();
    await closed;
  }
}
