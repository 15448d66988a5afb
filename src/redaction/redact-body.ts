import { type BodyContent, readBody } from '../facets/body-facets';
import { facetName } from '../facets/facets';
import { rewriteJson } from '../facets/json-rewrite';
import { Body } from '../http/body';
import { decodedBytes } from '../http/decoded-bytes';
import { HttpHeaders } from '../http/headers';
import { multipartParts } from '../http/multipart';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { redactPairs, type Takes } from './redact-pairs';
import { REDACTED, redactScalar } from './redacted-values';

type JsonContent = Extract<BodyContent, { kind: 'json' }>;

const JSON_HEADERS = new HttpHeaders([['content-type', 'application/json']]);
/** Bytes of a body that can be looked into. */
const LARGEST = 16 * 1024 * 1024;
/** Types whose bodies have parts with names. */
const HAS_PARTS =
  /^\s*(?:[\w.+-]+\/(?:[\w.+-]+\+)?json|multipart\/[\w.+-]+|application\/x-www-form-urlencoded)\s*(?:;|$)/i;
/** Types of many JSON texts, one a line, perhaps behind a name or a separator. */
const JSON_LINES =
  /^\s*(?:text\/event-stream|application\/(?:[\w.-]*(?:ndjson|jsonl|json-seq|jsonlines)))\s*(?:;|$)/i;
/** Types whose bodies have no parts with names, whatever is in them. */
const OPAQUE =
  /^\s*(?:(?:image|audio|video|font)\/|application\/(?:octet-stream|zip|gzip|pdf|wasm|grpc|x-protobuf|protobuf))/i;

/** A body after redaction: as it was, changed (and then without a content coding), or one that cannot be looked into and must not be kept. */
export type RedactedBody = Body | 'same' | 'unreadable';

/** Replaces in a message's body what has to go; `takes` is asked for `body`, or for each of its parts. */
export function redactBody(message: HttpRequest | HttpResponse, takes: Takes): RedactedBody {
  const { body, headers } = message;
  if (body.length === 0 || body.kind === 'stream') return 'same';
  const type = headers.get('content-type') ?? '';
  const bytes = decodedBytes(message, LARGEST);
  if (!bytes) {
    if (takes('body')) return Body.from(REDACTED);
    return OPAQUE.test(type) ? 'same' : 'unreadable';
  }
  const content = readBody({ body: Body.from(bytes), headers: withoutCoding(headers) }, '');
  if (!content) return 'same';
  if (content.kind === 'json') return redactJson(content, takes) ?? 'same';
  if (content.kind === 'form') return redactForm(bytes, type, takes) ?? 'same';
  if (takes('body')) return Body.from(REDACTED);
  if (JSON_LINES.test(type)) return redactLines(bytes.toString('latin1'), takes);
  return HAS_PARTS.test(type) ? 'unreadable' : 'same';
}

/** Undefined when nothing has to go. Of equal keys, the others would stay in the text that is left alone. */
function redactJson({ tree, hasEqualKeys }: JsonContent, takes: Takes): Body | undefined {
  let isChanged = hasEqualKeys;
  const text = rewriteJson(tree, 'body', (name, source) => {
    if (!takes(name)) return source;
    isChanged = true;
    return redactScalar(source);
  });
  return isChanged ? Body.from(text) : undefined;
}

/** Each line by itself, given and returned as one character a byte; the whole is unreadable when one seems to be JSON and is not. */
function redactLines(text: string, takes: Takes): RedactedBody {
  let isChanged = false;
  let isReadable = true;
  const lines = text.split('\n').map((line) => {
    const start = line.search(/[[{]/);
    if (start === -1) return line;
    const content = readBody(
      { body: Body.from(Buffer.from(line.slice(start), 'latin1')), headers: JSON_HEADERS },
      '',
    );
    if (content?.kind !== 'json') {
      // `[DONE]` and the like say nothing.
      isReadable &&= !/[{"]/.test(line.slice(start));
      return line;
    }
    const redacted = redactJson(content, takes);
    if (!redacted) return line;
    isChanged = true;
    return line.slice(0, start) + redacted.bytesSync().toString('latin1');
  });
  if (!isReadable) return 'unreadable';
  return isChanged ? Body.from(Buffer.from(lines.join('\n'), 'latin1')) : 'same';
}

/** Undefined when nothing has to go. */
function redactForm(bytes: Buffer, type: string, takes: Takes): Body | undefined {
  const parts = multipartParts(bytes, type);
  if (!parts) {
    const text = bytes.toString('latin1');
    const redacted = redactPairs(text, 'body', takes);
    return redacted === text ? undefined : Body.from(Buffer.from(redacted, 'latin1'));
  }
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { field, start, end } of parts) {
    if (!takes(facetName('body', field.name))) continue;
    pieces.push(bytes.subarray(from, start), Buffer.from(REDACTED));
    from = end;
  }
  return pieces.length === 0 ? undefined : Body.from(Buffer.concat([...pieces, bytes.subarray(from)]));
}

function withoutCoding(headers: HttpHeaders): HttpHeaders {
  const copy = headers.clone();
  copy.delete('content-encoding');
  return copy;
}
