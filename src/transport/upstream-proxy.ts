import { ConfigError } from '../errors';
import { formatAuthority, type Origin, parseAuthority } from '../http/authority';

/** A proxy that stands between us and servers. */
export interface UpstreamProxy {
  /** What is spoken to it: HTTP, HTTP over TLS, or SOCKS5 (RFC 1928). */
  readonly kind: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  /** What it asks for. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Its URL as people may see it, without credentials. */
  readonly shown: string;
}

/** Which proxy a connection to an origin goes through; undefined for none. */
export type ProxyFor = (origin: Origin) => UpstreamProxy | undefined;

const PORTS = { http: 80, https: 443, socks5: 1080 } as const;
/** RFC 1929 has one byte for the length of each. */
const LONGEST_OF_SOCKS = 255;

/**
 * Reads the URL of a proxy, `http://user:password@host:port`, also `https://`, `socks5://` and `socks5h://`; what has no scheme is HTTP, as curl
 * has it. With SOCKS, names are always looked up by the proxy.
 * @throws ConfigError saying what is wrong with it, in one line, without its credentials
 */
export function parseProxyUrl(url: string): UpstreamProxy {
  const { scheme = 'http', info, authority = '', rest = '' } = partsOf(url);
  // Without what stands before the last @: it may be a password.
  const shown = JSON.stringify(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@'));
  const refuse = (problem: string) => new ConfigError(`upstream proxy ${shown} ${problem}`);
  const kind = /^socks5h?$/i.test(scheme) ? 'socks5' : scheme.toLowerCase();
  if (kind !== 'http' && kind !== 'https' && kind !== 'socks5')
    throw refuse(`has the scheme ${scheme}; known are http, https, socks5 and socks5h`);
  if (rest !== '' && rest !== '/') throw refuse('has a path; write no more than scheme://host:port');
  const place = parseAuthority(authority, PORTS[kind]);
  if (!place) throw refuse('has no usable host and port; write it like http://127.0.0.1:3128');
  const credentials = info === undefined ? undefined : credentialsOf(info, kind, refuse);
  return {
    kind,
    ...place,
    ...(credentials && { credentials }),
    shown: `${kind}://${formatAuthority(place.host, place.port)}`,
  };
}

/** The value of Proxy-Authorization that a proxy of HTTP gets (RFC 7617); undefined when it asks for none. */
export function proxyAuthorization({ credentials }: UpstreamProxy): string | undefined {
  if (!credentials) return undefined;
  const { user, password } = credentials;
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

function partsOf(url: string): Partial<Record<'scheme' | 'info' | 'authority' | 'rest', string>> {
  const pattern =
    /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?:(?<info>[^/?#]*)@)?(?<authority>[^/?#@]*)(?<rest>.*)$/is;
  return pattern.exec(url.trim())?.groups ?? {};
}

function credentialsOf(
  info: string,
  kind: UpstreamProxy['kind'],
  refuse: (problem: string) => ConfigError,
): UpstreamProxy['credentials'] {
  const colon = info.indexOf(':');
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw refuse('has a user name or password with a % that is no code; write %25 for it');
    }
  };
  const user = decode(colon === -1 ? info : info.slice(0, colon));
  const password = colon === -1 ? '' : decode(info.slice(colon + 1));
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\x00-\x1f\x7f]/.test(user + password))
    throw refuse('has a control character in its user name or password');
  if (kind !== 'socks5' && user.includes(':'))
    throw refuse('has a colon in its user name, which HTTP cannot say');
  if (kind === 'socks5' && [user, password].some((text) => Buffer.byteLength(text) > LONGEST_OF_SOCKS))
    throw refuse(`has a user name or password of more than ${LONGEST_OF_SOCKS} bytes`);
  return user === '' && password === '' ? undefined : { user, password };
}

/** The proxy as error sentences name it. */
export function proxyName({ shown }: UpstreamProxy): string {
  return `the upstream proxy ${shown}`;
}
