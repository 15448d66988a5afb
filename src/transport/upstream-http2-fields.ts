import type { OutgoingHttpHeaders } from 'node:http2';
import { UpstreamError } from '../errors';
import type { HeaderPair } from '../http/headers';
import type { OutgoingRequest } from './upstream-request';

/** Node sends only one line of these, whatever it is told; several are joined (RFC 9110 §5.3). */
const SINGLE = new Set(
  `access-control-allow-credentials access-control-max-age access-control-request-method age authorization content-encoding
  content-language content-length content-location content-md5 content-range content-type date dnt etag expires from host if-match
  if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards proxy-authorization range referer
  retry-after tk upgrade-insecure-requests user-agent x-content-type-options`.split(/\s+/),
);

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

/** Lines as Node takes them, an array for each name that comes more than once. */
export function fieldsOf(lines: readonly HeaderPair[]): OutgoingHttpHeaders {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [written, value] of lines) {
    const name = written.toLowerCase();
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (SINGLE.has(name)) fields[name] = `${String(before)}, ${value}`;
    else fields[name] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return fields;
}
