import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** Milliseconds between two looks, at the most. */
const LOOK_EVERY = 1_000;

/**
 * Feels whether an HTTP/2 connection to upstream still understands what comes. After a frame that breaks the rules (RFC 9113 §5.4.1) nghttp2
 * says GOAWAY and goes deaf, and Node 20 tells nobody, not even when the other side hangs up. So who brings bytes that move nothing is sent
 * SETTINGS, which have to be acknowledged (§6.5.3); there are servers that take more than a few PINGs amiss.
 */
export class Http2Pulse {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #patience: number;
  readonly #deaf: () => void;
  #looks: NodeJS.Timeout | undefined;
  /** What had come when it was known to understand. */
  #proven = 0;
  #seen = 0;
  #moved = '';
  #askedAt: number | undefined;

  /** Calls `deaf` when nothing has been understood for `patience` milliseconds. */
  constructor(session: ClientHttp2Session, socket: Socket, patience: number, deaf: () => void) {
    this.#session = session;
    this.#socket = socket;
    this.#patience = patience;
    this.#deaf = deaf;
  }

  /** Begins to look: streams are open. */
  start(): void {
    this.#looks ??= setInterval(() => this.#look(), Math.min(LOOK_EVERY, this.#patience / 4)).unref();
  }

  /** Looks no more. */
  stop(): void {
    clearInterval(this.#looks);
    this.#looks = undefined;
  }

  #look(): void {
    if (this.#session.destroyed) return this.stop();
    const { bytesRead } = this.#socket;
    const { effectiveRecvDataLength, inflateDynamicTableSize } = this.#session.state;
    const moved = `${effectiveRecvDataLength} ${inflateDynamicTableSize}`;
    const isMoving = moved !== this.#moved;
    const isQuiet = bytesRead === this.#seen;
    this.#moved = moved;
    this.#seen = bytesRead;
    const now = performance.now();
    if (this.#askedAt !== undefined) {
      if (isMoving) this.#askedAt = now;
      else if (now - this.#askedAt > this.#patience) this.#deaf();
    } else if (bytesRead !== this.#proven && (isQuiet || !isMoving)) {
      this.#askedAt = now;
      this.#session.settings({}, () => {
        this.#askedAt = undefined;
        this.#proven = this.#socket.bytesRead;
      });
    }
  }
}
