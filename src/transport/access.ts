import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors';

/** Who may use the proxy beside programs on the same machine. */
export interface AccessOptions {
  /** Peers of the local network. */
  readonly allowLan: boolean;
  /** Peers anywhere, those of the local network included. */
  readonly allowPublic: boolean;
  /** Clients are asked for a password. */
  readonly proxyAuth?: string;
}

const LOOPBACK = blocks(['127.0.0.0', 8], ['::1', 128]);
/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6: what is not routed on the Internet. */
const LOCAL = blocks(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['fc00::', 7],
  ['fe80::', 10],
);

/** Where an address lives; what is no address counts as global. */
export function reachOf(address: string): 'loopback' | 'lan' | 'global' {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return 'global';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (LOOPBACK.check(plain, type)) return 'loopback';
  return LOCAL.check(plain, type) ? 'lan' : 'global';
}

/** Whether a peer of this address is served. */
export function mayUse(address: string, { allowLan, allowPublic, proxyAuth }: AccessOptions): boolean {
  const reach = reachOf(address);
  const mayLan = allowLan || proxyAuth !== undefined;
  return reach === 'loopback' || allowPublic || (mayLan && reach === 'lan');
}

/**
 * Refuses to listen where other machines reach us unless that is wanted.
 * @throws ConfigError naming the flags that allow it.
 */
export function assertBindAllowed(host: string, { allowLan, allowPublic, proxyAuth }: AccessOptions): void {
  if (
    allowLan ||
    allowPublic ||
    proxyAuth !== undefined ||
    host === 'localhost' ||
    reachOf(host) === 'loopback'
  )
    return;
  throw new ConfigError(
    `listening on ${host} would let other machines use the proxy; add --proxy-auth, --allow-lan or --allow-public if that is wanted, or listen on 127.0.0.1`,
    { code: 'ERR_BIND_REFUSED' },
  );
}

function blocks(...nets: [address: string, prefix: number][]): BlockList {
  const list = new BlockList();
  // Not by `isIP`: the regular expression for IPv6 takes 4 ms to compile, which a start can do without.
  for (const [address, prefix] of nets)
    list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
