import type { HttpRequest } from '../http/request';
import { cutMiddle } from '../miss/cut-values';
import { LONGEST_URL } from '../miss/shortened';
import type { Redaction } from './redaction';

/** A URL as logs and reports tell it: what has to go is out, and what is too long is cut. */
export function toldUrl(url: string, redaction: Redaction): string {
  return cutMiddle(redaction.url(url), LONGEST_URL);
}

/** What a request asks for as logs and reports tell it: a URL, or `host:port` of a tunnel. */
export function toldTarget(request: HttpRequest, redaction: Redaction): string {
  const { method, host, port } = request;
  return method === 'CONNECT' ? `${host}:${port}` : toldUrl(request.url, redaction);
}
