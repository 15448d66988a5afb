import { lookup } from 'node:dns/promises'; // late
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An address that a proxy of this process listens on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const listening = new Set<ListenAddress>();

/** Remembers an address that we listen on, until the returned function is called. */
export function announceListener(address: ListenAddress): () => void {
  listening.add(address);
  return () => void listening.delete(address);
}

/** Whether a proxy of this process listens on that port, be it on another address. */
export function isOwnPort(port: number): boolean {
  for (const address of listening) if (address.port === port) return true;
  return false;
}

/**
 * True when a connection to `host:port` would come back to a proxy of this process. A name is only looked up if the port is one
 * of ours; one that cannot be looked up, or is not to be, is not us, unless it is `localhost`.
 */
export async function isOwnListener(
  host: string,
  port: number,
  names: 'looked up' | 'as written' = 'looked up',
): Promise<boolean> {
  const ours = [...listening].filter((address) => address.port === port);
  if (ours.length === 0) return false;
  const isWritten = names === 'as written' || isIP(host) !== 0;
  const addresses = isWritten
    ? [host]
    : (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);
  return addresses.some((address) => ours.some((listener) => reaches(address, listener.host)));
}

function reaches(address: string, listener: string): boolean {
  const target = plain(address);
  const own = plain(listener);
  if (target === own) return true;
  if (own !== '0.0.0.0' && own !== '::') return isUnspecified(target) && /^127\.0\.0\.1$|^::1$/.test(own);
  return (
    isUnspecified(target) ||
    /^127\.|^::1$/.test(target) ||
    Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === target))
  );
}

/** Systems take a connection to the unspecified address for one to themselves. */
function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function plain(address: string): string {
  if (address === 'localhost') return '127.0.0.1';
  const unmapped = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(unmapped) === 6 ? new URL(`http://[${unmapped}]`).hostname.slice(1, -1) : unmapped;
}
