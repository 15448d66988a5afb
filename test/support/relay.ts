import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { PREFACE } from './raw-http2';

/** How a connection breaks: reset before a piece or in the middle of it, or ended before it as if all was well. */
export const BREAKS = ['reset', 'half', 'end'] as const;
export type Break = (typeof BREAKS)[number];

/** Where a protocol can be cut: the length of the first piece of `bytes`, 0 while it is not whole; `isFirst` of a client's bytes. */
export type PieceLength = (bytes: Buffer, isFirst: boolean) => number;

/** Frames of HTTP/2, and what stands before those of a client. */
export const frameLength: PieceLength = (bytes, isFirst) => {
  if (isFirst) return PREFACE.length;
  return bytes.length < 9 ? 0 : 9 + bytes.readUIntBE(0, 3);
};
/** Records of TLS. */
export const recordLength: PieceLength = (bytes) => (bytes.length < 5 ? 0 : 5 + bytes.readUInt16BE(3));

/**
 * Passes bytes on to a port, piece by piece, and breaks the connection at one of the pieces: for what Node reads and writes on sockets
 * where nobody can stand between, as HTTP/2 and TLS do.
 */
export class Relay {
  /** Pieces that passed since the last `begin`, of both directions. */
  pieces = 0;
  #breakAt = -1;
  #how: Break = 'reset';
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly server: Server,
    /** The port. */
    public to: number,
    readonly lengthOf: PieceLength,
  ) {
    server.on('connection', (client: Socket) => this.#join(client));
  }

  static async start(to: number, lengthOf: PieceLength): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, to, lengthOf);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Counts from here on, and breaks the connection at the piece `breakAt`, from 0. */
  begin(breakAt = -1, how: Break = 'reset'): void {
    this.pieces = 0;
    this.#breakAt = breakAt;
    this.#how = how;
  }

  /** Closes all connections. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.server.close();
    this.hangUp();
  }

  #join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.to, allowHalfOpen: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket.setNoDelay(true).on('error', () => {}));
      socket.once('close', () => this.#sockets.delete(socket));
    }
    this.#pass(client, server, true);
    this.#pass(server, client, false);
  }

  #pass(from: Socket, to: Socket, isClient: boolean): void {
    let waiting = Buffer.alloc(0);
    let isFirst = isClient;
    from.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (;;) {
        const length = this.lengthOf(waiting, isFirst);
        if (length === 0 || waiting.length < length) return;
        const piece = waiting.subarray(0, length);
        waiting = waiting.subarray(length);
        isFirst = false;
        if (this.pieces++ === this.#breakAt) return this.#break(from, to, piece);
        to.write(piece);
      }
    });
    from.once('end', () => to.end());
    from.once('close', () => to.destroy());
  }

  #break(from: Socket, to: Socket, piece: Buffer): void {
    from.removeAllListeners('data').removeAllListeners('end').resume();
    if (this.#how === 'end') {
      to.end();
      from.end();
    } else if (this.#how === 'reset') {
      to.resetAndDestroy();
      from.resetAndDestroy();
    } else {
      to.write(piece.subarray(0, piece.length >> 1), () => to.resetAndDestroy());
      from.resetAndDestroy();
    }
  }
}
