import type { OutgoingHttpHeaders } from 'node:http2';
import { UpstreamError } from '../errors';
import { fieldsOf } from './http2-fields';
import type { OutgoingRequest } from './upstream-request';

/**
 * A request's fields as HTTP/2 has them (RFC 9113 §8.3): `Host` is `:authority`, names are in lower case, lines of one name stand together.
 * @throws UpstreamError for a path that HTTP/2 has no place for.
 */
export function http2Fields(request: OutgoingRequest): OutgoingHttpHeaders {
  const { method, scheme, path, body, length } = request;
  if (!/^(?:\/|\*$)/.test(path))
    throw new UpstreamError(
      `the request for ${request.origin} cannot be sent on: over HTTP/2 its path must begin with /`,
    );
  const lines = request.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  const authority = lines.find(([name]) => name === 'host')?.[1];
  const others = lines.filter(([name]) => name !== 'host' && name !== 'content-length');
  // No content is announced where the request did so, and not where a GET says nothing of it.
  const announced =
    body === null ? (lines.some(([name]) => name === 'content-length') ? 0 : undefined) : length;
  if (announced !== undefined) others.push(['content-length', String(announced)]);
  return Object.assign(fieldsOf(others), {
    ':method': method,
    ':scheme': scheme,
    ':authority': authority,
    ':path': path,
  });
}
