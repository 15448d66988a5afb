import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { ConfigError } from '../errors';
import { remembered } from './remembered';

/** Where a message goes: a host name or an address (IPv6 without brackets), lower-cased, and a port of 1 to 65535. */
export interface Authority {
  readonly host: string;
  readonly port: number;
}

/** The scheme and the authority of a server (RFC 6454). */
export interface Origin extends Authority {
  readonly scheme: 'http' | 'https';
}

/** An absolute-form request target (RFC 9112 §3.2.2); `path` is everything after the authority, as on the wire. */
export interface Target extends Origin {
  readonly path: string;
}

/** The port that a URL of the scheme means when it names none. */
export const DEFAULT_PORTS = { http: 80, https: 443 } as const;

const LONGEST_NAME = 253;
/** Brackets, the longest IPv6 address or host name, its trailing dot and `:65535`. */
const LONGEST_AUTHORITY = LONGEST_NAME + 9;
const REMEMBERED = 256;
const LABEL = /^(?!__)[a-z0-9_-]{1,63}$/;
/** `ca` is no server anyone means, but names the authority's own files in a folder of one file a host. */
const RESERVED_NAME = 'ca';

/**
 * Reads `host`, `host:port`, `[v6]` or `[v6]:port`; `undefined` if it is anything else, or has no port and there is no default.
 *
 * Host names are letters, digits, hyphens and underscores (which container names have) in labels of up to 63, together
 * up to 253; a trailing dot stays, because it is part of what the client asked for (certificates and SNI go without).
 * Refused are user information, zone ids, anything not ASCII (an IDN comes as punycode), labels starting with two
 * underscores (`__proto__`), the single label `ca`, and numbers that only resolvers take for an address (`127.1`, `0x7f000001`).
 */
export function parseAuthority(text: string, defaultPort?: number): Authority | undefined {
  const { host, port = defaultPort } = (text.length > LONGEST_AUTHORITY ? undefined : read(text)) ?? {};
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** The same few are named by nearly all requests. */
const read = remembered((text: string): { host: string; port: number | undefined } | undefined => {
  const parts = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[a-z0-9._-]+))(?::(?<digits>\d{1,5}))?$/i.exec(
    text,
  )?.groups;
  if (parts === undefined) return undefined;
  const host = (parts['v6'] ?? parts['name'] ?? '').toLowerCase();
  const port = parts['digits'] === undefined ? undefined : Number(parts['digits']);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  const isHost = parts['v6'] === undefined ? isIPv4(host) || isHostName(host) : isIPv6(host);
  return isHost ? { host, port } : undefined;
}, REMEMBERED);

/** Writes `host:port`, IPv6 in brackets, the port left out if it is the default one. */
export function formatAuthority(host: string, port: number, defaultPort?: number): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return port === defaultPort ? bracketed : `${bracketed}:${port}`;
}

/**
 * Reads an absolute-form request target, `http://host:port/path?query`; `undefined` if it is none, has another scheme or
 * user information.
 *
 * The path stays as it is (`//`, `/../`, `%zz`, even a `#fragment`): what it means is for the origin to say. Only an empty
 * path becomes `/` (RFC 9112 §3.2.1); white space and control characters, which could not be sent on, are refused.
 */
export function parseTarget(absoluteForm: string): Target | undefined {
  const parts = cutTarget(absoluteForm);
  return parts && targetOf(parts);
}

/** An absolute-form request target cut into what it is made of, as written. */
export interface TargetParts {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  /** From the path, the query or the fragment on. */
  readonly rest: string;
}

/** Cuts what begins with `http://` or `https://`; `undefined` for all else. */
export function cutTarget(text: string): TargetParts | undefined {
  const scheme = /^http:\/\//i.test(text) ? 'http' : /^https:\/\//i.test(text) ? 'https' : undefined;
  if (scheme === undefined) return undefined;
  const start = scheme.length + '://'.length;
  let end = start;
  while (end < text.length && !'/?#'.includes(text[end]!)) end += 1;
  return { scheme, authority: text.slice(start, end), rest: text.slice(end) };
}

/** What the parts of a target mean; as `parseTarget`. */
export function targetOf({ scheme, authority: written, rest }: TargetParts): Target | undefined {
  const authority = parseAuthority(written, DEFAULT_PORTS[scheme]);
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (authority === undefined || /[\x00-\x20\x7f]/.test(rest)) return undefined;
  return { scheme, ...authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/**
 * Reads the origin that a user typed, `http://host:port`; an IDN may be in Unicode, a closing `/` does not matter.
 * @throws ConfigError saying what is wrong with it, in one line
 */
export function parseOrigin(url: string): Origin {
  // Without what stands before an @: it may be a password.
  const shown = JSON.stringify(url.replace(/\/\/[^/?#]*@/s, '//…@'));
  const refuse = (problem: string) => new ConfigError(`origin ${shown} ${problem}`);
  const parts = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?<authority>[^/?#]*)(?<rest>.*)$/is.exec(
    url.trim(),
  )?.groups;
  const { scheme, authority: written = '', rest = '' } = parts ?? {};
  if (scheme === undefined) throw refuse('has no scheme; write http:// or https:// before the host');
  const known = scheme.toLowerCase();
  if (known !== 'http' && known !== 'https')
    throw refuse(`has the scheme ${scheme}; only http and https are served`);
  if (written.includes('@'))
    throw refuse('has a user name or password in it; leave out everything up to the @');
  if (rest !== '' && rest !== '/') {
    throw refuse(`has a path; an origin is scheme, host and port only, leave out ${JSON.stringify(rest)}`);
  }
  const authority = parseAuthority(asciiAuthority(written), DEFAULT_PORTS[known]);
  if (authority === undefined) {
    throw refuse(
      'has no usable host and port; write it like http://example.org, http://127.0.0.1:3000 or http://[::1]:3000',
    );
  }
  return { scheme: known, ...authority };
}

function isHostName(host: string): boolean {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  if (name.length > LONGEST_NAME || name === RESERVED_NAME) return false;
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return labels.every((label) => LABEL.test(label)) && !/^(?:\d+|0x[0-9a-f]*)$/.test(last);
}

/** The authority with its host as punycode (RFC 5891), unchanged if it is ASCII already or cannot be converted. */
function asciiAuthority(text: string): string {
  const { host = text, port = '' } = /^(?<host>[^:]*)(?<port>:\d*)?$/.exec(text)?.groups ?? {};
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return /[^\x00-\x7f]/.test(host) ? domainToASCII(host) + port : text;
}
