import type { HttpRequest } from '../http/request';
import type { OutgoingRequest } from './upstream-request';
import { proxyAuthorization, type UpstreamProxy } from './upstream-proxy';

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
    head: (framing, close) => lines.join('') + outgoing.head(framing, close).replace(/^.*?\r\n/, ''),
  };
}
