import type { Body } from './body';
import { decodeContent } from './content-coding';
import type { HttpHeaders } from './headers';

/** What has a body. */
export interface Message {
  readonly body: Body;
  readonly headers: HttpHeaders;
}

/**
 * The bytes of a body with its content coding undone; undefined for a streamed one, for more than `most` bytes, coded or not, and when they
 * cannot be read or decoded. Never throws.
 */
export function decodedBytes({ body, headers }: Message, most: number): Buffer | undefined {
  if (body.kind === 'stream' || (body.length ?? 0) > most) return undefined;
  try {
    const bytes = body.bytesSync();
    if (bytes.length > most) return undefined;
    const decoded = decodeContent(bytes, headers.folded('content-encoding'), most);
    return decoded.length > most ? undefined : decoded;
  } catch {
    return undefined;
  }
}
