import { isIP } from 'node:net';

/** SOCKS5, what both sides of it know (RFC 1928, RFC 1929). */
export const SOCKS = {
  version: 5,
  /** Of the exchange of user name and password. */
  loginVersion: 1,
  connect: 1,
  methods: { none: 0, login: 2, unacceptable: 0xff },
  addresses: { v4: 1, name: 3, v6: 4 },
  replies: {
    succeeded: 0,
    failure: 1,
    forbidden: 2,
    networkUnreachable: 3,
    hostUnreachable: 4,
    refused: 5,
    expired: 6,
    commandUnknown: 7,
    addressUnknown: 8,
  },
} as const;

/** The reply to a request (RFC 1928 §6); where we connect from is nobody's business. */
export function socksReply(reply: number): Buffer {
  return Buffer.concat([Buffer.from([SOCKS.version, reply, 0]), socksAddress('0.0.0.0', 0)]);
}

/** An address and a port as SOCKS5 has them, its kind first. */
export function socksAddress(host: string, port: number): Buffer {
  const { v4, name, v6 } = SOCKS.addresses;
  const family = isIP(host);
  const [kind, bytes] =
    family === 4
      ? [v4, Buffer.from(host.split('.').map(Number))]
      : family === 6
        ? [v6, bytesOfIPv6(host)]
        : [name, Buffer.from([host.length, ...Buffer.from(host, 'latin1')])];
  return Buffer.from([kind, ...bytes, port >> 8, port & 0xff]);
}

/** Four or sixteen bytes as an address. */
export function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return canonical(groups.join(':'));
}

function bytesOfIPv6(host: string): Buffer {
  const [before = '', after] = canonical(host).split('::');
  const groups = (text = '') => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(before), groups(after)];
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

/** In its one spelling (RFC 5952), an embedded IPv4 address in hexadecimal. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
