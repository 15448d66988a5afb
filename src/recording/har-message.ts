import { RecordingError } from '../errors';
import { Body, type BodySource } from '../http/body';
import type { HttpHeaders } from '../http/headers';
import type { Attachments } from './har-attachments';
import { bodyFieldsOf, countOf, storedBody, type BodyFields, type StoredBody } from './har-body';
import { nameUtf8 } from './har-charset';
import type { Warn } from './har-headers';
import { isObject, numberOf, objectIn, textOf, type JsonObject } from './json-value';

/** What reading the messages of one entry needs. */
export interface EntryContext {
  /** The recording, as the user named it. */
  readonly source: string;
  readonly attachments: Attachments;
  readonly warn: Warn;
  /** The entry in its file, so that its bodies need not stay in memory; without it they do. */
  readonly stored?: StoredEntry | undefined;
}

/** An entry that can be read again. */
export interface StoredEntry {
  /** @throws RecordingError when it is not there any more. */
  read(): JsonObject;
}

/** A body, and whether it was ever stored. */
export interface MessageBody {
  readonly body: Body;
  /** The same, to be read at once: the recording need not be read again for it. */
  readonly atHand: () => Body;
  readonly unstored: boolean;
}

/**
 * The body of an entry's message. Takes from `headers` what is stale: HAR holds decoded text, so the coding and the length in
 * the headers may belong to bytes that nobody has, and so may the charset.
 */
export function readBody(
  entry: JsonObject,
  message: 'request' | 'response',
  headers: HttpHeaders,
  about: { readonly mayLackBody: boolean; readonly whole: boolean },
  context: EntryContext,
): MessageBody {
  const fields = bodyFieldsOf(entry, message);
  const length = headers.get('content-length');
  const contentEncoding = codingOf(headers);
  const contentLength = length === undefined ? undefined : numberOf(length);
  const hints = {
    contentType: headers.get('content-type') ?? textOf(fields.standard?.['mimeType']) ?? '',
    contentEncoding,
    contentLength,
    own: isObject(entry['_replay']),
    size: message === 'response' ? countOf(fields.standard, 'size') : contentLength,
  };
  let isSpoilt = false;
  const stored = storedBody(fields, hints, context.attachments, (problem) => {
    isSpoilt = true;
    context.warn(`${message}: ${problem}`);
  });
  const extras = objectIn(entry, '_replay');
  if (stored === undefined || (stored.length === 0 && message === 'request' && !extras)) {
    const isMissing = extras
      ? objectIn(extras, 'unstored')?.[message] === true
      : !about.mayLackBody && expectsBody(objectIn(entry, message), fields, headers, message);
    const unstored = isSpoilt || isMissing;
    if (!unstored && !about.mayLackBody && contentLength !== 0) headers.delete('content-length');
    return { body: Body.empty, atHand: () => Body.empty, unstored };
  }
  if (message === 'response' && stored.misnamed && !stored.coded) nameUtf8(headers);
  if (contentEncoding !== undefined && !stored.coded && stored.length > 0) {
    headers.delete('content-encoding');
    if (!about.mayLackBody) headers.delete('content-length');
  } else if (!about.mayLackBody && about.whole && length !== String(stored.length))
    headers.delete('content-length');
  if (stored.length === 0) return { body: Body.empty, atHand: () => Body.empty, unstored: false };

  const atHand = (): Body => bodyOf(stored, () => fields, context.source);
  const body = context.stored ? bodyAgain(stored, context.stored, message, context.source) : atHand();
  return { body, atHand, unstored: false };
}

/** Not beside the text of the body: a closure keeps all that its neighbours use. */
function bodyAgain(
  stored: StoredBody,
  entry: StoredEntry,
  message: 'request' | 'response',
  source: string,
): Body {
  if (stored.slice) return bodyOf(stored, () => bodyFieldsOf(entry.read(), message), source);
  return Body.file(new BodyAgain(stored, entry, message, source));
}

function bodyOf(stored: StoredBody, fetch: () => BodyFields, source: string): Body {
  return Body.file({
    length: stored.length,
    read: () => taken(stored, fetch(), source),
    ...(stored.slice && { slice: stored.slice }),
  });
}

/** One object, without functions of its own: a recording has a hundred thousand. */
class BodyAgain implements BodySource {
  readonly length: number;
  readonly take: StoredBody['take'];

  constructor(
    { length, take }: StoredBody,
    private readonly entry: StoredEntry,
    private readonly message: 'request' | 'response',
    private readonly source: string,
  ) {
    this.length = length;
    this.take = take;
  }

  read(): Buffer {
    return taken(this, bodyFieldsOf(this.entry.read(), this.message), this.source);
  }
}

function taken(
  { length, take }: Pick<StoredBody, 'length' | 'take'>,
  fields: BodyFields,
  source: string,
): Buffer {
  const bytes = take(fields);
  if (bytes.length !== length) throw changed(source);
  return bytes;
}

/** The file is no longer what was loaded. */
export function changed(source: string): RecordingError {
  return new RecordingError(`recording ${source} was changed since it was loaded; load it again`);
}

/** The content codings of a message, undefined when there are none (RFC 9110 §8.4). */
export function codingOf(headers: HttpHeaders): string | undefined {
  if (!headers.has('content-encoding')) return undefined;
  const coding = headers.folded('content-encoding')?.trim();
  return coding === undefined || coding === '' || coding.toLowerCase() === 'identity' ? undefined : coding;
}

/** True when a message without a stored body must have had one. */
function expectsBody(
  message: JsonObject | undefined,
  fields: BodyFields,
  headers: HttpHeaders,
  kind: 'request' | 'response',
): boolean {
  const length = numberOf(headers.get('content-length'));
  const bodySize = countOf(message, 'bodySize');
  if (kind === 'request')
    return length === undefined ? (bodySize ?? 0) > 0 || headers.has('transfer-encoding') : length > 0;
  const status = numberOf(message?.['status']) ?? 0;
  // Browsers keep no body of a redirect, and nobody reads one.
  if (status >= 300 && status < 400) return false;
  if (length !== undefined) return length > 0;
  const size = numberOf(fields.standard?.['size']);
  if (size !== undefined && size >= 0) return size > 0;
  return bodySize === undefined ? size !== undefined : bodySize > 0;
}
