import type { Socket } from 'node:net';
import { UpstreamError } from '../errors';
import { connectError } from './upstream-errors';

/**
 * Waits until a socket to `where` stands, as `event` tells; one that does not come to stand is destroyed.
 * @throws UpstreamError saying why; the reason of `signal` when it aborts first.
 */
export function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  where: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', close).off(event, stand);
      if (error === undefined) return resolve();
      socket.on('error', () => {}).destroy();
      reject(error as Error);
    };
    const stand = () => finish();
    const fail = (error: Error) => finish(connectError(error, where));
    const close = () => finish(new UpstreamError(`${where} closed the connection before it stood`));
    const abort = () => finish(signal.reason);
    socket.on('error', fail).on('close', close).once(event, stand);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

/**
 * Opens something to `where` within `limit` milliseconds. The signal that `open` is to heed aborts then, and when `signal` does; its reason is
 * the UpstreamError to reject with.
 */
export async function openedWithin<T>(
  limit: number,
  where: string,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const end = (sentence: string, status?: 504) =>
    ended.abort(new UpstreamError(sentence, status === undefined ? {} : { status }));
  const leave = () => end(`the connection to ${where} was given up before it stood`);
  const timer = setTimeout(() => end(`no connection to ${where} within ${limit / 1000} s`, 504), limit);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await open(ended.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
