import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import { asksByUnknownMethod } from './unknown-method';

/** What a client speaks: TLS, HTTP/2 without being asked (RFC 9113 §3.3), HTTP/1, HTTP/1 with a method that Node does not know, or something else. */
export type Speech = 'tls' | 'http2' | 'http' | 'unknown method' | 'other';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const METHOD_STARTS = METHODS.map((method) => `${method} `);
const STARTS = [...METHOD_STARTS, PREFACE];
const LONGEST = Math.max(...STARTS.map(({ length }) => length));
const HANDSHAKE = 0x16;

/** What the bytes so far begin; undefined while they could still become a request line or the preface of HTTP/2 (RFC 9113 §3.4). */
export function speechOf(bytes: Buffer): Speech | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === HANDSHAKE) return 'tls';
  const text = bytes.toString('latin1', 0, LONGEST);
  if (METHOD_STARTS.some((start) => text.startsWith(start))) return 'http';
  if (text.startsWith(PREFACE)) return 'http2';
  if (STARTS.some((start) => start.startsWith(text))) return undefined;
  const isUnknown = asksByUnknownMethod(bytes.toString('latin1'));
  return isUnknown === undefined ? undefined : isUnknown ? 'unknown method' : 'other';
}

/**
 * Waits for the client's first bytes, looks at them and puts them back. `silence` when that many milliseconds bring nothing that can
 * be told; undefined when the client has left.
 */
export function listenFor(socket: Socket, silence: number): Promise<Speech | 'silence' | undefined> {
  return new Promise((resolve) => {
    let seen: Buffer = Buffer.alloc(0);
    const finish = (speech: Speech | 'silence' | undefined) => {
      clearTimeout(timer);
      socket.off('readable', look).off('end', leave).off('close', leave);
      if (seen.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(seen);
      resolve(speech);
    };
    const look = () => {
      for (let chunk = socket.read() as Buffer | null; chunk; chunk = socket.read() as Buffer | null)
        seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const speech = speechOf(seen);
      if (speech) finish(speech);
    };
    const leave = () => finish(undefined);
    const timer = setTimeout(() => finish('silence'), silence);
    socket.on('readable', look).once('end', leave).once('close', leave);
    look();
  });
}
