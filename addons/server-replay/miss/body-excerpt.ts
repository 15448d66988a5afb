import { isUtf8 } from 'node:buffer';
import { decodedBytes, type HttpRequest } from 'replay-proxy';

/** Bytes of a body that are read, and of one that is shown. */
const READ = 64 * 1024;
const SHOWN = 4096;

/** What a body that is one facet says, for a person: its text, or how many bytes it has. Undefined when it cannot be read. */
export function bodyExcerpt(request: HttpRequest): string | undefined {
  const { length = 0, kind } = request.body;
  if (kind !== 'stream' && length > READ) return `(${length} bytes)`;
  const bytes = decodedBytes(request, READ);
  if (!bytes) return undefined;
  return bytes.length <= SHOWN && isUtf8(bytes) ? bytes.toString('utf8') : `(${bytes.length} bytes)`;
}
