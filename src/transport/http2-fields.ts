import type { OutgoingHttpHeaders } from 'node:http2';
import type { HeaderPair } from '../http/headers';
import { HOP_BY_HOP } from '../http/hop-by-hop';

/** Node throws for them, wherever they come from: HTTP/2 has none that are about one connection (RFC 9113 §8.2.2). */
const FORBIDDEN = new Set([...HOP_BY_HOP, 'http2-settings']);
/** Node throws for two lines of these; several are joined (RFC 9110 §5.3). */
const SINGLE = new Set(
  `access-control-allow-credentials access-control-max-age access-control-request-method age authorization content-encoding
  content-language content-length content-location content-md5 content-range content-type date dnt etag expires from host if-match
  if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards proxy-authorization range referer
  retry-after tk upgrade-insecure-requests user-agent x-content-type-options`.split(/\s+/),
);

/**
 * Header or trailer lines as Node takes them for HTTP/2: names in lower case, an array for each that comes more than once. Whatever the
 * lines are, Node can send what comes out.
 */
export function fieldsOf(lines: readonly HeaderPair[]): OutgoingHttpHeaders {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (const [written, value] of lines) {
    const name = written.toLowerCase();
    if (FORBIDDEN.has(name) && !(name === 'te' && value === 'trailers')) continue;
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (SINGLE.has(name)) fields[name] = `${String(before)}, ${value}`;
    else fields[name] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return fields;
}
