import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Limits } from './options';

/** The limits that a connection of HTTP/2 is held to. */
export type GuardLimits = Pick<
  Limits,
  'headerBlock' | 'headerTime' | 'idle' | 'responseStall' | 'overhead' | 'resets'
>;

/** Milliseconds that a connection has to close once its session is over. */
const FAREWELL = 1_000;
/** Unread content that a stream may hold (RFC 9113 §6.9.2). */
const WINDOW = 64 * 1024;
/** Milliseconds that a client has to answer a PING. */
const ANSWER = 1_500;
/** Bytes that have to go out for a response to count as being taken. */
const PROGRESS = 1024;

/** Ends a connection that costs without being of use: floods of frames and resets, closed windows, silence. */
export class Http2Guard {
  readonly #session: ServerHttp2Session;
  readonly #socket: Socket;
  readonly #tcp: Socket;
  readonly #limits: GuardLimits;
  readonly #startedAt: number;
  readonly #open = new Set<ServerHttp2Stream>();
  readonly #readBefore: number;
  #isSettled = false;
  #idleSince: number;
  #overSince: number | undefined;
  #streams = 0;
  #resets = 0;
  #content = 0;
  #written = 0;
  #progressAt: number;
  /** What had come when a PING was answered last. */
  #proven: number;
  /** Something came since the last look that only a living session tells of. */
  #isBusy = false;
  #sentBefore = 0;
  #askedAt: number | undefined;

  /** `tcp` is what carries the bytes of `socket`; `now` is in epoch milliseconds. */
  constructor(session: ServerHttp2Session, socket: Socket, tcp: Socket, limits: GuardLimits, now: number) {
    this.#session = session;
    this.#socket = socket;
    this.#tcp = tcp;
    this.#limits = limits;
    this.#startedAt = this.#idleSince = this.#progressAt = now;
    this.#readBefore = this.#proven = socket.bytesRead;
    session.once('remoteSettings', () => (this.#isSettled = true));
  }

  /** Takes note of a stream until it is closed. */
  opened(stream: ServerHttp2Stream, now: () => number): void {
    const closed = () => {
      this.#open.delete(stream);
      this.#idleSince = now();
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) return;
      this.#resets += 1;
      // Thousands may come between two looks.
      if (this.#hasReset(now()) && !this.#session.destroyed) this.#endCostly();
    };
    this.#streams += 1;
    this.#isBusy = true;
    // It may have been reset before anybody heard of it.
    if (stream.destroyed) return closed();
    this.#open.add(stream);
    stream.once('close', closed);
  }

  /** Takes note of content that was read. */
  read(bytes: number): void {
    this.#content += bytes;
    this.#isBusy = true;
  }

  /** Looks whether the connection may stay, and ends it if not. */
  check(now: number): void {
    const { headerTime, idle, responseStall } = this.#limits;
    if (this.#session.destroyed) this.#seeOut(now);
    else if (!this.#isSettled && now - this.#startedAt > headerTime)
      this.#end('it never said its settings', constants.NGHTTP2_SETTINGS_TIMEOUT);
    else if (this.#hasReset(now) || this.#overhead(now) > 0) this.#endCostly();
    else if (!this.#isAlive(now)) this.#end('it has gone deaf', constants.NGHTTP2_PROTOCOL_ERROR);
    else if (this.#open.size === 0) {
      if (now - this.#idleSince > idle) this.#session.close();
    } else if (this.#stalledFor(now) > responseStall)
      this.#end('it does not take what it asked for', constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #end(reason: string, code: number): void {
    this.#session.destroy(new Error(`a connection of HTTP/2 was ended: ${reason}`), code);
  }

  #endCostly(): void {
    this.#end('it costs more than it asks for', constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /** More streams than may have ended with a reset. */
  #hasReset(now: number): boolean {
    return this.#resets > this.#limits.resets * (1 + (now - this.#startedAt) / 10_000);
  }

  /** Bytes too many that were neither requests, nor their content, nor what receiving the responses takes. */
  #overhead(now: number): number {
    const { overhead, headerBlock } = this.#limits;
    const seconds = (now - this.#startedAt) / 1_000;
    const brought = this.#socket.bytesRead - this.#readBefore;
    const requests = this.#streams * headerBlock + this.#open.size * WINDOW;
    // The frames around content may be as long as it is when it comes in small pieces.
    const useful = requests + this.#content * 2 + this.#socket.bytesWritten / 8;
    return brought - useful - overhead * (1 + seconds / 2);
  }

  /** Milliseconds since anything went out, while there is something to go out. */
  #stalledFor(now: number): number {
    const written = this.#socket.bytesWritten;
    const waits = [...this.#open].some(({ writableLength }) => writableLength > 0);
    if (!waits || written - this.#written >= PROGRESS) {
      this.#written = written;
      this.#progressAt = now;
    }
    return now - this.#progressAt;
  }

  /**
   * After a frame that breaks the rules nghttp2 says GOAWAY and goes deaf, and Node tells nobody: who gets no answer to a PING then is
   * one of these. Not asked is who may still have much of a response on its way.
   */
  #isAlive(now: number): boolean {
    const session = this.#session;
    if (this.#isBusy) this.#askedAt = undefined;
    if (this.#askedAt !== undefined) return now - this.#askedAt <= ANSWER;
    const sent = this.#socket.bytesWritten - this.#sentBefore;
    const isProven = this.#isBusy || this.#socket.bytesRead === this.#proven;
    this.#isBusy = false;
    if (isProven || session.closed || sent > WINDOW) return true;
    this.#askedAt = now;
    session.ping(() => {
      this.#proven = this.#socket.bytesRead;
      this.#sentBefore = this.#socket.bytesWritten;
      this.#askedAt = undefined;
    });
    return true;
  }

  /** A client that does not read cannot be told goodbye. */
  #seeOut(now: number): void {
    this.#overSince ??= now;
    if (now - this.#overSince > FAREWELL) this.#tcp.destroy();
  }
}
