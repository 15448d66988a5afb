import type { Socket } from 'node:net';
import { formatAuthority } from '../http/authority';
import type { Limits } from './options';
import { loopError } from './loop-guard';
import { isOwnListener } from './own-listeners';
import { openSocket } from './upstream-socket';

/**
 * Opens the other end of a tunnel; `contact` is told its `host:port` first.
 * @throws UpstreamError when it cannot be reached in time, or is one of our own listeners.
 */
export async function openTunnel(
  { host, port }: { host: string; port: number },
  limits: Pick<Limits, 'upstreamConnect'>,
  client: Socket,
  contact: (where: string) => void,
): Promise<Socket> {
  const where = formatAuthority(host, port);
  if (await isOwnListener(host, port)) throw loopError(where);
  const left = new AbortController();
  const leave = () => left.abort();
  client.once('close', leave);
  try {
    const noTls = () => {
      throw new Error('a tunnel is opened without TLS');
    };
    const options = { timeout: limits.upstreamConnect, insecure: false, secureContext: noTls };
    contact(where);
    return await openSocket({ scheme: 'http', host, port }, options, left.signal);
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
