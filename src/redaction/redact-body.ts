import { readBody } from '../facets/body-facets';
import { facetName } from '../facets/facets';
import { rewriteJson } from '../facets/json-rewrite';
import { Body } from '../http/body';
import { decodeContent } from '../http/content-coding';
import type { HttpHeaders } from '../http/headers';
import { multipartParts } from '../http/multipart';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { redactPairs, type Takes } from './redact-pairs';
import { REDACTED, redactScalar } from './redacted-values';

/** Bytes of a body that can be looked into. */
const LARGEST = 16 * 1024 * 1024;
const HAS_PARTS =
  /^\s*(?:[\w.+-]+\/(?:[\w.+-]+\+)?json|multipart\/form-data|application\/x-www-form-urlencoded)\s*(?:;|$)/i;

/** A body after redaction: as it was, changed (and then without a content coding), or one that cannot be looked into and must not be kept. */
export type RedactedBody = Body | 'same' | 'unreadable';

/** Replaces in a message's body what has to go; `takes` is asked for `body`, or for each of its parts. */
export function redactBody(message: HttpRequest | HttpResponse, takes: Takes): RedactedBody {
  const { body, headers } = message;
  if (body.length === 0 || body.kind === 'stream') return 'same';
  const type = headers.get('content-type') ?? '';
  const bytes = contentOf(body, headers);
  if (!bytes) {
    if (takes('body')) return Body.from(REDACTED);
    return HAS_PARTS.test(type) ? 'unreadable' : 'same';
  }
  const content = readBody({ body: Body.from(bytes), headers: withoutCoding(headers) }, '');
  if (!content) return 'same';
  if (content.kind === 'bytes') return takes('body') ? Body.from(REDACTED) : 'same';
  let isChanged = false;
  const takesAny: Takes = (facet) => {
    const isTaken = takes(facet);
    isChanged ||= isTaken;
    return isTaken;
  };
  const text =
    content.kind === 'json'
      ? rewriteJson(content.tree, 'body', (name, source) => (takesAny(name) ? redactScalar(source) : source))
      : redactForm(bytes, type, takesAny);
  return isChanged ? Body.from(text) : 'same';
}

function redactForm(bytes: Buffer, type: string, takes: Takes): Buffer | string {
  const parts = multipartParts(bytes, type);
  if (!parts) return Buffer.from(redactPairs(bytes.toString('latin1'), 'body', takes), 'latin1');
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { field, start, end } of parts) {
    if (!takes(facetName('body', field.name))) continue;
    pieces.push(bytes.subarray(from, start), Buffer.from(REDACTED));
    from = end;
  }
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}

/** The decoded bytes; undefined when there are too many, or they cannot be decoded. */
function contentOf(body: Body, headers: HttpHeaders): Buffer | undefined {
  if ((body.length ?? 0) > LARGEST) return undefined;
  try {
    const bytes = decodeContent(body.bytesSync(), headers.folded('content-encoding'));
    return bytes.length > LARGEST ? undefined : bytes;
  } catch {
    return undefined;
  }
}

function withoutCoding(headers: HttpHeaders): HttpHeaders {
  const copy = headers.clone();
  copy.delete('content-encoding');
  return copy;
}
