import { isUtf8 } from 'node:buffer';
import { type HttpRequest, decodeContent } from 'replay-proxy';

/** Bytes of a body that are read, and of one that is shown. */
const READ = 64 * 1024;
const SHOWN = 4096;

/** What a body that is one facet says, for a person: its text, or how many bytes it has. Undefined when it cannot be read. */
export function bodyExcerpt({ body, headers }: HttpRequest): string | undefined {
  if (body.kind === 'stream') return undefined;
  if ((body.length ?? 0) > READ) return `(${body.length} bytes)`;
  try {
    const coding = headers.folded('content-encoding');
    const bytes = coding ? decodeContent(body.bytesSync(), coding, READ) : body.bytesSync();
    return bytes.length <= SHOWN && isUtf8(bytes) ? bytes.toString('utf8') : `(${bytes.length} bytes)`;
  } catch {
    return undefined;
  }
}
