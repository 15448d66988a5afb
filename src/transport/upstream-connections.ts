import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { reasonOf, UpstreamError } from '../errors';
import type { Origin } from '../http/authority';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Openings } from './openings';
import type { Limits } from './options';
import { type Protocol, SpokenProtocols } from './spoken-protocols';
import { UpstreamConnection } from './upstream-connection';
import type { ExchangeOptions } from './upstream-exchange';
import { Http2Session } from './upstream-http2-session';
import { Http2Sessions } from './upstream-http2-sessions';
import { connectError } from './upstream-errors';
import { UpstreamPool } from './upstream-pool';
import type { OutgoingRequest } from './upstream-request';
import { failureOf } from './upstream-socket';

/** One try to get a response. */
export interface Attempt {
  readonly response: Promise<HttpResponse>;
  /** Nothing of the request has left. */
  readonly isUnsent: boolean;
  /** The other side closed the connection without one byte of a response. */
  readonly isUnanswered: boolean;
  /** The other side did nothing with the request, and it can be sent again. */
  readonly isRefused: boolean;
  /** The other side wants to be asked by HTTP/1.1 (RFC 9113 §7). */
  readonly needsHttp1?: boolean;
}

/** A connection, ready for one request. */
export interface Carrier {
  exchange(request: OutgoingRequest, options: ExchangeOptions): Attempt;
}

/** What connections are opened with. */
export interface ConnectionsOptions {
  readonly limits: Limits;
  readonly now: () => number;
  /** Where what is being opened is given up; closed before the connections are. */
  readonly openings: Openings;
  /** Whether an origin may be spoken to by HTTP/2. */
  readonly http2: (origin: Origin) => boolean;
  /** The way to an origin as error sentences name it. */
  readonly wayTo: (origin: Origin) => string;
  /** Opens a socket for HTTP/1.1, past proxies that would have to understand the request. */
  readonly openStraight: (origin: Origin, signal: AbortSignal) => Promise<Socket>;
  /** Opens a socket, TLS with an offer of these protocols included. */
  readonly openSocket: (
    origin: Origin,
    protocols: readonly Protocol[],
    signal: AbortSignal,
  ) => Promise<Socket>;
}

/** How an origin is spoken to: as TLS agrees on it, by HTTP/2 without asking (RFC 9113 §3.3), or by HTTP/1.1. */
type Way = 'agreed' | 'h2' | 'http/1.1';

/** Milliseconds for a server without TLS to show that it speaks HTTP/2. */
const PATIENCE = 5_000;

/** The connections to upstream: kept ones for the next request to their origin, new ones where there is none. */
export class UpstreamConnections {
  readonly #options: ConnectionsOptions;
  readonly #pool = new UpstreamPool();
  readonly #sessions = new Http2Sessions();
  readonly #spoken: SpokenProtocols;
  /** Connections being opened, by origin, that others may share: each resolves with what kept it from standing. */
  readonly #sharable = new Map<string, Promise<Error | undefined>>();
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#spoken = new SpokenProtocols(options.now);
  }

  /**
   * A connection for a request, kept unless `fresh`.
   * @throws UpstreamError saying why there is none.
   */
  async take(
    request: HttpRequest,
    signal: AbortSignal,
    fresh: boolean,
  ): Promise<{ carrier: Carrier; isKept: boolean }> {
    const { origin } = request;
    for (;;) {
      if (this.#isClosed) throw this.#givenUp(request);
      const way = this.#wayOf(request);
      const kept = fresh ? undefined : this.#kept(origin, way);
      if (kept) return { carrier: kept, isKept: true };
      const other = way === 'http/1.1' || fresh ? undefined : this.#sharable.get(origin);
      if (!other) return { carrier: await this.#open(request, way, signal), isKept: false };
      // What is being opened may turn out to have room for all.
      const failure = await this.#outcome(other, request, signal);
      if (failure) throw failure;
    }
  }

  /**
   * A connection of its own for a request that no proxy on the way is to understand: it may change its protocol, which is for HTTP/1.1 to do
   * (RFC 9110 §7.8, RFC 6455 §4.1), or names another host than the one that it goes to.
   * @throws UpstreamError saying why there is none.
   */
  takeAlone(request: HttpRequest, signal: AbortSignal): Promise<UpstreamConnection> {
    return this.#options.openings.run(signal, async (ended) => {
      const socket = await this.#options.openStraight(request, ended);
      // Never kept: it would be taken for one to a proxy, which gets our credentials for it.
      return this.#speakHttp1(request, socket, ended, undefined);
    });
  }

  /** Takes note that an origin is to be asked by HTTP/1.1. */
  keepToHttp1(origin: string): void {
    this.#spoken.found(origin, 'http/1.1');
  }

  /** Ends all connections at once. Resolves when their sockets are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#pool.close(), this.#sessions.close()]);
  }

  #wayOf(request: HttpRequest): Way {
    const { scheme, origin, httpVersion } = request;
    if (!this.#options.http2(request) || this.#spoken.of(origin) === 'http/1.1') return 'http/1.1';
    if (scheme === 'https') return 'agreed';
    return httpVersion === '2.0' ? 'h2' : 'http/1.1';
  }

  #kept(origin: string, way: Way): Carrier | undefined {
    const session = way === 'http/1.1' ? undefined : this.#sessions.take(origin);
    return session ?? (way === 'h2' ? undefined : this.#pool.take(origin));
  }

  async #open(request: HttpRequest, way: Way, signal: AbortSignal): Promise<Carrier> {
    const { origin } = request;
    const opened = this.#options.openings.run(signal, (ended) => this.#connect(request, way, ended));
    if (way === 'http/1.1' || this.#sharable.has(origin)) return opened;
    // That this one's client has gone is no reason for the others.
    const outcome = opened.then(
      () => undefined,
      (error: Error) => (signal.aborted ? undefined : error),
    );
    this.#sharable.set(
      origin,
      outcome.finally(() => this.#sharable.delete(origin)),
    );
    return opened;
  }

  async #connect(request: HttpRequest, way: Way, signal: AbortSignal): Promise<Carrier> {
    const { origin } = request;
    const protocols: Protocol[] = way === 'agreed' ? ['h2', 'http/1.1'] : ['http/1.1'];
    let socket = await this.#options.openSocket(request, protocols, signal);
    if (way === 'h2' || (socket as TLSSocket).alpnProtocol === 'h2') {
      try {
        return await this.#beginHttp2(request, socket, signal);
      } catch (error) {
        if (way !== 'h2' || error instanceof UpstreamError) throw error;
      }
      // Nothing of the request had left, so that it can go the other way.
      this.#spoken.found(origin, 'http/1.1');
      socket = await this.#options.openSocket(request, protocols, signal);
    }
    if (way === 'agreed') this.#spoken.found(origin, 'http/1.1');
    return this.#speakHttp1(request, socket, signal, origin);
  }

  #speakHttp1(
    request: HttpRequest,
    socket: Socket,
    signal: AbortSignal,
    keptFor: string | undefined,
  ): UpstreamConnection {
    if (signal.aborted) {
      socket.destroy();
      throw this.#givenUp(request);
    }
    const connection = new UpstreamConnection(socket, this.#options.limits, this.#pool);
    this.#pool.add(connection, keptFor);
    return connection;
  }

  async #beginHttp2(request: HttpRequest, socket: Socket, signal: AbortSignal): Promise<Http2Session> {
    const { limits } = this.#options;
    const { origin, scheme } = request;
    const where = this.#options.wayTo(request);
    const patience = scheme === 'https' ? limits.upstreamConnect : Math.min(PATIENCE, limits.upstreamConnect);
    const abort = () => void socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const session = await Http2Session.begin(socket, where, patience, limits);
      session.book();
      this.#spoken.found(origin, 'h2');
      this.#sessions.add(origin, session);
      return session;
    } catch (error) {
      if (signal.aborted) throw this.#givenUp(request);
      const isSure = scheme === 'https' || this.#spoken.of(origin) === 'h2';
      if (!isSure || error instanceof UpstreamError) throw error;
      const failure = failureOf(socket);
      if (failure) throw connectError(failure, where);
      throw new UpstreamError(`${where} agreed on HTTP/2 and then did not speak it: ${reasonOf(error)}`, {
        cause: error,
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #givenUp(origin: Origin): UpstreamError {
    return new UpstreamError(`the connection to ${this.#options.wayTo(origin)} was given up before it stood`);
  }

  /** What kept the connection of others from standing, or that `signal` aborts before that is known; undefined when it stands. */
  #outcome(
    other: Promise<Error | undefined>,
    origin: Origin,
    signal: AbortSignal,
  ): Promise<Error | undefined> {
    return new Promise((resolve) => {
      const leave = () => resolve(this.#givenUp(origin));
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      void other.then((failure) => {
        signal.removeEventListener('abort', leave);
        resolve(failure);
      });
    });
  }
}
