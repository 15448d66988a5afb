import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { ReplayError } from '../errors';
import { contextBytes, sequence } from './der';

const LONGEST_NAME = 253;
const HOST_NAME = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/**
 * The spelling of a host that certificates are minted and cached under: lower case, punycode, IPv6 compressed and without
 * brackets, no dot at the end. Throws a ReplayError, `ERR_CERTIFICATE_HOST`, for what is no host name or address:
 * wildcards, zone ids, more than 253 characters, other letters than a host name has.
 */
export function canonicalHost(host: string): string {
  const bracketed = /^\[(.*)\]$/s.exec(host)?.[1] ?? host;
  if (isIP(bracketed) === 6 && !bracketed.includes('%'))
    return new URL(`http://[${bracketed}]`).hostname.slice(1, -1);
  const lower = host.toLowerCase().replace(/\.$/, '');
  // domainToASCII also decodes percent signs and reads `127.1` as an address: only names that need it may see it.
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  const name = /[^\x00-\x7f]/.test(lower) ? domainToASCII(lower) : lower;
  if (name.length > LONGEST_NAME || !HOST_NAME.test(name)) {
    throw new ReplayError(
      `host ${JSON.stringify(host.slice(0, 80))}: no certificate can be made for it; use a host name of at most ` +
        `${LONGEST_NAME} characters without wildcards, or an IP address`,
      { code: 'ERR_CERTIFICATE_HOST' },
    );
  }
  return name;
}

/** The GeneralNames of one canonical host: an iPAddress or a dNSName (RFC 5280 §4.2.1.6). */
export function generalNames(host: string): Buffer {
  return sequence(
    isIP(host) === 0 ? contextBytes(2, Buffer.from(host, 'ascii')) : contextBytes(7, addressBytes(host)),
  );
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
