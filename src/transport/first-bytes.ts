import { METHODS } from 'node:http';
import type { Socket } from 'node:net';

/** What a client inside a tunnel speaks. */
export type Speech = 'tls' | 'http' | 'other';

const STARTS = METHODS.map((method) => `${method} `);
const LONGEST = Math.max(...STARTS.map(({ length }) => length));
const HANDSHAKE = 0x16;

/** What the bytes so far begin; undefined while they could still become a method. */
export function speechOf(bytes: Buffer): Speech | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === HANDSHAKE) return 'tls';
  const text = bytes.toString('latin1', 0, LONGEST);
  if (STARTS.some((start) => text.startsWith(start))) return 'http';
  return STARTS.some((start) => start.startsWith(text)) ? undefined : 'other';
}

/**
 * Waits for the client's first bytes, looks at them and puts them back. `other` too when `silence` milliseconds bring nothing that
 * can be told; undefined when the client has left.
 */
export function listenFor(socket: Socket, silence: number): Promise<Speech | undefined> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const finish = (speech: Speech | undefined) => {
      clearTimeout(timer);
      socket.off('readable', look).off('end', leave).off('close', leave);
      if (seen.length > 0 && !socket.destroyed) socket.unshift(seen);
      resolve(speech);
    };
    const look = () => {
      for (let chunk = socket.read() as Buffer | null; chunk; chunk = socket.read() as Buffer | null)
        seen = Buffer.concat([seen, chunk]);
      const speech = speechOf(seen);
      if (speech) finish(speech);
    };
    const leave = () => finish(undefined);
    const timer = setTimeout(() => finish('other'), silence);
    socket.on('readable', look).once('end', leave).once('close', leave);
    look();
  });
}
