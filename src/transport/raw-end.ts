import type { Socket } from 'node:net';
import type { RawEnd } from '../core/ends';
import { joinSockets } from './raw-tunnel';

/** A socket that speaks another protocol by now. */
export class RawSocketEnd implements RawEnd {
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
  }

  async join(other: RawEnd): Promise<void> {
    // Ends come from transports only, and there is one kind.
    const { socket } = other as RawSocketEnd;
    const over = [this.socket, socket].map((one) =>
      one.destroyed ? Promise.resolve() : new Promise<void>((resolve) => one.once('close', () => resolve())),
    );
    joinSockets(this.socket, socket);
    if (socket.destroyed) this.socket.destroy();
    if (this.socket.destroyed) socket.destroy();
    await Promise.all(over);
  }

  close(): void {
    this.socket.destroy();
  }
}
