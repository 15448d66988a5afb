import { isUtf8 } from 'node:buffer';
import { type HttpRequest, decodeContent } from 'replay-proxy';

/** Bytes of a body that are looked at. */
const LOOKED_AT = 4096;

/** What a body that is one facet says, for a person: its text, or how many bytes it has. Undefined when it cannot be read. */
export function bodyExcerpt({ body, headers }: HttpRequest): string | undefined {
  if (body.kind === 'stream') return undefined;
  try {
    const coding = headers.folded('content-encoding');
    const bytes = coding ? decodeContent(body.bytesSync(), coding) : body.bytesSync();
    return bytes.length <= LOOKED_AT && isUtf8(bytes) ? bytes.toString('utf8') : `(${bytes.length} bytes)`;
  } catch {
    return undefined;
  }
}
