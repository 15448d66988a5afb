import type { Socket } from 'node:net';

/** Milliseconds that a client has to take the last bytes and hang up; without them a reset could overtake a response. */
const LINGER = 2_000;

/** Sends `last`, says goodbye, and swallows what still comes until the client hangs up too. */
export function endWith(socket: Socket, last?: Buffer): void {
  if (socket.destroyed) return;
  if (last && socket.writable) socket.write(last);
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
