import {
  cutTarget,
  DEFAULT_PORTS,
  formatAuthority,
  type Origin,
  parseAuthority,
  targetOf,
} from '../http/authority';
import { HttpHeaders } from '../http/headers';
import { HttpRequest } from '../http/request';
import type { Refusal } from './refusal';
import { framingProblem } from './request-framing';

/** The head of a request as Node's parser leaves it. */
export interface RawHead {
  readonly method: string;
  /** The request target (RFC 9112 §3.2), untouched. */
  readonly target: string;
  readonly httpVersion: string;
  /** Node's flat list. */
  readonly rawHeaders: readonly string[];
}

/** What the connection says about where its requests go. */
export type Route =
  | /** A regular proxy: the target names the server. */ { readonly kind: 'regular' }
    /** Inside CONNECT: the tunnel names the server, the client the Host. */
  | { readonly kind: 'tunnel'; readonly origin: Origin }
  /** Reverse mode: the server is given, Host is its own unless the client's is kept. */
  | { readonly kind: 'reverse'; readonly origin: Origin; readonly keepHost: boolean };

const bad = (sentence: string): Refusal => ({ status: 400, sentence });
const INSIDE = bad('CONNECT inside a tunnel is not taken');

/** Why no tunnel can be asked for by this way; undefined where one can. */
export function tunnelProblem({ kind }: Route): Refusal | undefined {
  if (kind === 'reverse')
    return { status: 405, sentence: 'this stands in for one server and opens no tunnels; ask it directly' };
  return kind === 'tunnel' ? INSIDE : undefined;
}

/**
 * Makes the request that a head asks for, its body not yet attached, or says why it is refused. `hint` is an origin to suggest to
 * a client that takes a regular proxy for a server.
 */
export function readHead(
  head: RawHead,
  route: Route,
  startedAt: number,
  hint?: string,
): HttpRequest | Refusal {
  const { method, httpVersion } = head;
  // The URL of a WebSocket (RFC 6455 §3) is asked for as one of HTTP.
  const target = /^ws/i.test(head.target) ? head.target.replace(/^ws(s?:\/\/)/i, 'http$1') : head.target;
  const headers = HttpHeaders.fromRaw(head.rawHeaders);
  const problem = hostProblem(headers, httpVersion) ?? framingProblem(headers, httpVersion);
  if (problem) return problem;
  if (method === 'CONNECT') return INSIDE;

  const place = placeOf(method, target, route, hint);
  if ('status' in place) return place;
  const { scheme, host, port } = place.origin;
  return new HttpRequest({
    method,
    scheme,
    host,
    port,
    path: place.path,
    httpVersion,
    headers: withHost(headers, place, route).rewrite((name, value) => (/^proxy-/i.test(name) ? null : value)),
    startedAt,
  });
}

interface Place {
  readonly origin: Origin;
  readonly path: string;
  /** The authority that an absolute-form target names, as written. */
  readonly named?: string;
}

function placeOf(method: string, target: string, route: Route, hint: string | undefined): Place | Refusal {
  const parts = cutTarget(target);
  if (parts) {
    const parsed = targetOf(parts);
    if (!parsed) return bad('the request target is no http:// or https:// URL that can be asked for');
    // RFC 9112 §3.2.4: OPTIONS without a path is about the server as a whole.
    const path = method === 'OPTIONS' && parts.rest === '' ? '*' : parsed.path;
    return { origin: route.kind === 'regular' ? parsed : route.origin, path, named: parts.authority };
  }
  const isOriginForm = target.startsWith('/');
  if (route.kind === 'regular') {
    if (!isOriginForm && target !== '*') return bad('the request target is no http:// or https:// URL');
    return bad(
      "this is a proxy, not a server: point the client's proxy setting at it, " +
        `or start it with --reverse ${hint ?? 'ORIGIN'}`,
    );
  }
  if (target === '*') {
    return method === 'OPTIONS'
      ? { origin: route.origin, path: '*' }
      : bad(`the request target * is for OPTIONS, not for ${method}`);
  }
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (!isOriginForm || /[\x00-\x20\x7f]/.test(target))
    return bad('the request target is neither a path nor an http:// or https:// URL');
  return { origin: route.origin, path: target };
}

/** What is wrong with the Host lines of a request (RFC 9112 §3.2), or undefined. */
export function hostProblem(headers: HttpHeaders, httpVersion: string): Refusal | undefined {
  const hosts = headers.getAll('host');
  if (hosts.length > 1) return bad('Host comes more than once');
  if (hosts.length === 0)
    return httpVersion === '1.0' ? undefined : bad('Host is missing, which HTTP/1.1 does not allow');
  // Any port does, since only the syntax is looked at here.
  return parseAuthority(hosts[0]!.trim(), 1)
    ? undefined
    : bad('Host is no host name or address with or without a port');
}

function withHost(headers: HttpHeaders, place: Place, route: Route): HttpHeaders {
  const current = headers.get('host');
  const own = formatAuthority(place.origin.host, place.origin.port, DEFAULT_PORTS[place.origin.scheme]);
  const isOwn = route.kind === 'reverse' && !route.keepHost;
  const wanted = isOwn ? own : (place.named ?? current ?? own);
  if (current === undefined) return HttpHeaders.fromRaw(['Host', wanted, ...headers.toRaw()]);
  return current.toLowerCase() === wanted.toLowerCase() ? headers : headers.set('host', wanted);
}
