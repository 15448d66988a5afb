import { type RawHead, type Route, tunnelProblem } from './request-head';
import type { Refusal } from './refusal';

/** The fields of a request over HTTP/2, pseudo-header fields apart (RFC 9113 §8.3.1). */
interface Fields {
  readonly pseudo: Readonly<Record<string, string | undefined>>;
  /** Node's flat list. */
  readonly regular: string[];
}

const bad = (sentence: string): Refusal => ({ status: 400, sentence });
const ONLY_HTTP1: Refusal = {
  status: 501,
  sentence: 'CONNECT is taken over HTTP/1.1 only; ask for the tunnel so',
};

/**
 * The head of a request over HTTP/2 as HTTP/1.1 would have it: a request target as the route expects it, a Host line, one line for
 * all crumbs of the cookie (RFC 9113 §8.2.3). A refusal says what is wrong; `malformed` means that the stream is to be reset (§8.1.1).
 * What the field names and their order break is for nghttp2, before.
 */
export function http2Head(raw: readonly string[], route: Route): RawHead | Refusal | 'malformed' {
  const { pseudo, regular } = fieldsOf(raw);
  const method = pseudo[':method'] ?? '';
  if (method === 'CONNECT') return tunnelProblem(route) ?? ONLY_HTTP1;
  const { ':scheme': scheme = '', ':authority': authority, ':path': path = '' } = pseudo;
  const host = valueOf(regular, 'host');
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase())
    return 'malformed';
  const named = authority ?? host;
  if (named === undefined || named === '' || path === '') return 'malformed';
  if (!/^https?$/i.test(scheme)) return bad('only requests for http and https are taken');
  const rawHeaders = joinCookies(host === undefined ? ['host', named, ...regular] : regular);
  return { method, target: targetOf(route, scheme, named, path), httpVersion: '2.0', rawHeaders };
}

function targetOf({ kind }: Route, scheme: string, authority: string, path: string): string {
  if (kind !== 'regular') return path;
  return `${scheme}://${authority}${path === '*' ? '' : path}`;
}

function fieldsOf(raw: readonly string[]): Fields {
  const pseudo: Record<string, string | undefined> = Object.create(null) as Record<string, string>;
  const regular: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name, value] = [raw[i]!, raw[i + 1]!];
    if (name.startsWith(':')) pseudo[name] = value;
    else regular.push(name, value);
  }
  return { pseudo, regular };
}

function valueOf(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) if (raw[i] === name) return raw[i + 1];
  return undefined;
}

function joinCookies(raw: string[]): string[] {
  const crumbs: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (raw[i] === 'cookie') crumbs.push(raw[i + 1]!);
  if (crumbs.length < 2) return raw;
  const joined: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i] !== 'cookie') joined.push(raw[i]!, raw[i + 1]!);
    else if (crumbs.length > 0) joined.push('cookie', crumbs.splice(0).join('; '));
  }
  return joined;
}
