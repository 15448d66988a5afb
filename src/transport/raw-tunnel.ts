import type { Socket } from 'node:net';

/**
 * Opens the other end of a tunnel, unless the client leaves before it stands.
 * @throws UpstreamError when it cannot be reached in time, or is one of our own listeners.
 */
export async function openTunnel<T>(client: Socket, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const left = new AbortController();
  const leave = () => left.abort();
  client.once('close', leave);
  try {
    return await open(left.signal);
  } finally {
    client.off('close', leave);
  }
}

/** Passes bytes both ways, each as fast as the other side reads, until both sides have ended or one has broken off. */
export function joinSockets(client: Socket, upstream: Socket): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on('error', () => {});
    // Closed with both directions at their ends, it leaves the other side to send what it still holds.
    from.once('close', () => (from.readableEnded && from.writableFinished ? to.end() : to.destroy()));
    from.pipe(to);
  }
}
