import { DEFAULT_PORTS, parseAuthority } from '../http/authority';
import type { HttpRequest } from '../http/request';
import type { OutgoingRequest } from './upstream-request';
import { proxyAuthorization, type UpstreamProxy } from './upstream-proxy';

/**
 * Whether a request is for the server that it is to be sent to. A proxy that gets it in absolute-form goes by the URL and makes Host anew
 * (RFC 9112 §3.2.2), so that any other Host would be lost.
 */
export function isForItsTarget({ headers, scheme, host, port }: HttpRequest): boolean {
  const named = headers.get('host');
  if (named === undefined) return true;
  const authority = parseAuthority(named.trim(), DEFAULT_PORTS[scheme]);
  return authority?.host === host && authority.port === port;
}

/** A request as a proxy of HTTP is to get it (RFC 9112 §3.2.2): for a whole URL, with what the proxy asks for. */
export function inAbsoluteForm(
  outgoing: OutgoingRequest,
  { origin, path }: Pick<HttpRequest, 'origin' | 'path'>,
  proxy: UpstreamProxy,
): OutgoingRequest {
  // About the server as a whole: without a path (RFC 9112 §3.2.4).
  const target = path === '*' ? origin : /^https?:/i.test(path) ? path : origin + path;
  const credentials = proxyAuthorization(proxy);
  const lines = [
    `${outgoing.method} ${target} HTTP/1.1\r\n`,
    ...(credentials === undefined ? [] : [`Proxy-Authorization: ${credentials}\r\n`]),
  ];
  return {
    ...outgoing,
    head: (framing) => lines.join('') + outgoing.head(framing).replace(/^.*?\r\n/, ''),
  };
}
