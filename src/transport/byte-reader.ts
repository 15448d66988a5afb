import type { Socket } from 'node:net';

/** Reads what a socket brings piece by piece, and gives back what nobody has asked for. */
export class ByteReader {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #held = Buffer.alloc(0);

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  /** The next `count` bytes. Rejects when the socket ends or fails before, or with the signal's reason when that aborts. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#held.length < count) await this.#more();
    return this.#take(count);
  }

  /** Everything up to `mark` and with it; undefined when it does not come within `most` bytes. Rejects as `bytes` does. */
  async through(mark: string, most: number): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0 && at + mark.length <= most) return this.#take(at + mark.length);
      if (this.#held.length >= most) return undefined;
      await this.#more();
    }
  }

  /** Puts what was read too far back into the socket. */
  release(): void {
    const socket = this.#socket;
    if (this.#held.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(this.#held);
    this.#held = Buffer.alloc(0);
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    for (;;) {
      this.#signal.throwIfAborted();
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk) {
        this.#held = Buffer.concat([this.#held, chunk]);
        return;
      }
      if (this.#socket.readableEnded || this.#socket.destroyed) throw ended();
      await this.#event();
    }
  }

  #event(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      const finish = (error?: unknown) => {
        this.#signal.removeEventListener('abort', abort);
        socket.off('readable', come).off('end', end).off('close', end).off('error', finish);
        if (error === undefined) resolve();
        else reject(error as Error);
      };
      const come = () => finish();
      const end = () => finish(ended());
      const abort = () => finish(this.#signal.reason);
      socket.on('readable', come).on('end', end).on('close', end).on('error', finish);
      this.#signal.addEventListener('abort', abort, { once: true });
    });
  }
}

function ended(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
