import type { Socket } from 'node:net';
import { type AccessOptions, mayUse } from './access';
import { clientInfo } from './client-connection';
import { endWith } from './linger';
import { refusalBytes } from './refusal';

/** All sockets that are open on behalf of clients: who may come, how many at a time, and how all of them end. */
export class ClientSockets {
  readonly #open = new Set<Socket>();
  readonly #access: AccessOptions;
  readonly #most: number;
  /** Connections of clients, TLS within them not counted again. */
  #clients = 0;

  constructor(access: AccessOptions, most: number) {
    this.#access = access;
    this.#most = most;
  }

  /**
   * Takes a socket that was just accepted. False when it may not be served; it then ends by itself, after a word in HTTP if that is what is
   * `spoken`.
   */
  admit(socket: Socket, spoken: 'HTTP' | 'SOCKS' = 'HTTP'): boolean {
    socket.on('error', () => {});
    if (!mayUse(clientInfo(socket).address, this.#access)) {
      socket.destroy();
      return false;
    }
    this.track(socket);
    this.#clients += 1;
    socket.once('close', () => (this.#clients -= 1));
    if (this.#clients <= this.#most) return true;
    const sentence = 'the proxy serves as many connections as it may';
    endWith(socket, spoken === 'HTTP' ? refusalBytes({ status: 503, sentence }) : undefined);
    return false;
  }

  /** Takes note of one more socket, to close it with the others. */
  track(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** Breaks all of them off. Resolves when they are closed. */
  async destroy(): Promise<void> {
    const closed = [...this.#open].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const socket of this.#open) socket.destroy();
    await Promise.all(closed);
  }
}
