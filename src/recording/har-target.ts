import { domainToASCII } from 'node:url';
import { isToken } from '../http/headers';
import { remembered } from '../http/remembered';

/** Longer than any method that is in use. */
const LONGEST_METHOD = 64;

/** Where a request goes, read from the URL of a HAR entry. */
export interface HarTarget {
  readonly scheme: 'http' | 'https';
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query as they stand in the URL, without the fragment. */
  readonly path: string;
}

const URL_PARTS =
  /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?(\[[0-9a-f:.]+(?:%[\w.~%-]+)?\]|[^/?#:@[\]]+)(?::(\d{0,5}))?(?=[/?#]|$)([^#]*)/i;
const SCHEMES: Readonly<Record<string, 'http' | 'https'>> = {
  http: 'http',
  https: 'https',
  ws: 'http',
  wss: 'https',
};

/**
 * The target that an absolute URL names; undefined when it names none that HTTP can reach. `hostHeader` says where an IPv6 address
 * ends that some tools write without brackets.
 */
export function targetOf(url: string, method: string, hostHeader?: string): HarTarget | undefined {
  const parts = URL_PARTS.exec(url) ?? URL_PARTS.exec(bracketed(url, hostHeader ?? ''));
  if (!parts) return undefined;
  const scheme = Object.hasOwn(SCHEMES, parts[1]!.toLowerCase())
    ? SCHEMES[parts[1]!.toLowerCase()]
    : undefined;
  const host = hostFrom(parts[2]!);
  if (scheme === undefined || host === undefined) return undefined;
  const port = parts[3] ? Number(parts[3]) : scheme === 'https' ? 443 : 80;
  if (port < 1 || port > 65535) return undefined;
  return { scheme, host, port, path: pathOf(parts[4]!, method) };
}

function bracketed(url: string, hostHeader: string): string {
  const [, scheme, authority] = /^([a-z]+:\/\/)([0-9a-f:.]+)(?![^/?#])/i.exec(url) ?? [];
  const [, address, port = ''] = /^\[([0-9a-f:.]+)\](:\d+)?$/i.exec(hostHeader) ?? [];
  if (authority === undefined || (authority !== `${address}${port}` && authority !== address)) return url;
  return `${scheme}${hostHeader}${url.slice(scheme!.length + authority.length)}`;
}

/** The host that a URL names, undefined if it can be none; one text for all entries that name it. */
const hostFrom = remembered((named: string): string | undefined => {
  const host = asciiOf(named.replace(/^\[|\]$/g, ''));
  return isHost(host) ? host : undefined;
}, 1000);

/** On the wire a name in other letters is its ASCII form (RFC 5891 §4.4). */
function asciiOf(host: string): string {
  // eslint-disable-next-line no-control-regex -- all of ASCII
  return /^[\x00-\x7f]*$/.test(host) ? host : domainToASCII(host) || host;
}

/** The scheme of a URL that goes to no server (`data:`, `blob:`, `chrome-extension:` …); undefined for every other. */
export function localScheme(url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(url)?.[1]?.toLowerCase();
  return scheme === undefined || Object.hasOwn(SCHEMES, scheme) ? undefined : scheme;
}

function pathOf(rest: string, method: string): string {
  // RFC 9112 §3.2.4: the asterisk form is OPTIONS of a URL without path and query.
  if (rest === '') return method === 'OPTIONS' ? '*' : '/';
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  // What cannot stand in a request line was never there: a tool decoded it for its readers.
  return path.replace(/[^!-~]+/g, percentEncoded);
}

/** A path as it can stand in a request line; what cannot is percent-encoded as UTF-8 (RFC 3986 §2.5). */
export function sendablePath(path: string): string {
  return path.replace(/[^!-~\x80-\xff]+/g, percentEncoded);
}

/** True for what can be a host: a name in any letters, or an address. */
export function isHost(host: string): boolean {
  return /^[!-~]+$/.test(host) || (/^[!-~\x80-\uffff]+$/.test(host) && domainToASCII(host) !== '');
}

/** True for what can be the method of a recorded request, in whatever format: what one reader takes, all must, or an exchange would be lost. */
export function isMethod(text: string): boolean {
  return text.length <= LONGEST_METHOD && isToken(text);
}

function percentEncoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
}
