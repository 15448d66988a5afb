import { Body } from '../http/body';
import { decodeContent } from '../http/content-coding'; // late
import { reasonOf } from '../errors';
import type { Attachment, Attachments } from './har-attachments';
import { bytesOfText } from './har-charset';
import type { Warn } from './har-headers';
import { bodyOfParams } from './har-params';
import { isObject, numberOf, objectIn, textOf, type JsonObject } from './json-value';

/** Where an entry may hold the body of one message. */
export interface BodyFields {
  /** `response.content` or `request.postData`. */
  readonly standard: JsonObject | undefined;
  /** `body` of the message's extras; see `CodedBody`. */
  readonly extra: JsonObject | undefined;
}

/** What the head of the message says about its body. */
export interface BodyHints {
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  readonly contentLength: number | undefined;
  /** Bytes of the decoded body, as the tool counted them. */
  readonly size: number | undefined;
  /** We wrote the entry. */
  readonly own: boolean;
}

/** How to get the bytes of a message from its fields, decided once when the entry is read. */
export interface StoredBody {
  /** Bytes. */
  readonly length: number;
  /** The bytes are still in the content coding that the headers name. */
  readonly coded: boolean;
  /** The bytes are UTF-8 where the message says another charset. */
  readonly misnamed?: boolean;
  /** The bytes, from fields like those that this was decided on. */
  take(fields: BodyFields): Buffer;
  /** Some of the bytes, when they lie in a file of their own. */
  readonly slice?: (offset: number, length: number, into?: Buffer) => Buffer;
}

/** The places of the bodies of an entry's request and response. */
export function bodyFieldsOf(entry: JsonObject, message: 'request' | 'response'): BodyFields {
  return {
    standard: objectIn(entry[message], message === 'request' ? 'postData' : 'content'),
    extra: objectIn(objectIn(objectIn(entry, '_replay'), message), 'body'),
  };
}

/** How the body of a message is stored; undefined when it is not. */
export function storedBody(
  fields: BodyFields,
  hints: BodyHints,
  attachments: Attachments,
  warn: Warn,
): StoredBody | undefined {
  const decoded = standardBody(fields, hints, attachments, warn);
  if (decoded === undefined || decoded.length === 0 || hints.contentEncoding === undefined) return decoded;
  return (
    codedBody(fields, decoded, hints, attachments, warn) ??
    (stillCoded(fields, decoded, hints) ? { ...decoded, coded: true } : decoded)
  );
}

function standardBody(
  { standard }: BodyFields,
  hints: BodyHints,
  attachments: Attachments,
  warn: Warn,
): StoredBody | undefined {
  const text = textOf(standard?.['text']);
  const file = textOf(standard?.['_file']);
  if (file !== undefined && !text) return attached(file, attachments, warn);
  if (text === undefined && standard?.['text'] !== undefined && standard['text'] !== null) {
    warn('its body is no text; read as not stored');
    return undefined;
  }
  const params = standard?.['params'];
  if (!text && Array.isArray(params) && params.length > 0) {
    const bytes = bodyOfParams(params as unknown[], hints.contentType);
    return bytes && { length: bytes.length, coded: false, take: () => bytes };
  }
  if (text === undefined) return undefined;
  const marked = textOf(standard?.['encoding']) ?? textOf(standard?.['_encoding']);
  const sizes = sizesOf(standard, hints);
  const { encoding, misnamed } =
    marked?.toLowerCase() === 'base64'
      ? { encoding: 'base64' as const, misnamed: false }
      : bytesOfText(text, { contentType: hints.contentType, sizes, own: hints.own });
  if (encoding === 'base64' && /[^A-Za-z0-9+/=_\-\s]/.test(text)) {
    warn('its body is marked base64 and is none; read as not stored');
    return undefined;
  }
  const length =
    encoding === 'base64' && /\s/.test(text)
      ? Buffer.from(text, encoding).length
      : Buffer.byteLength(text, encoding);
  return {
    length,
    coded: false,
    ...(misnamed && { misnamed }),
    take: TAKE[encoding],
  };
}

/** Functions that all entries share. */
const TAKE = { utf8: taking('utf8'), latin1: taking('latin1'), base64: taking('base64') } as const;

function taking(encoding: 'utf8' | 'latin1' | 'base64'): StoredBody['take'] {
  return ({ standard }) => Buffer.from(textOf(standard?.['text']) ?? '', encoding);
}

/** What the decoded body may count: mitmproxy gives the coded one as `size`, and what is missing as `compression`. */
function sizesOf(standard: JsonObject | undefined, { size, own }: BodyHints): number[] {
  const saved = own ? undefined : numberOf(standard?.['compression']);
  return size === undefined ? [] : [size, ...(saved === undefined ? [] : [size + saved])];
}

function attached(name: string, attachments: Attachments, warn: Warn): StoredBody | undefined {
  let found: Attachment;
  try {
    found = attachments.find(name);
  } catch (error) {
    warn(`${reasonOf(error)}; its body is read as not stored`);
    return undefined;
  }
  return { length: found.length, coded: false, take: () => found.read(), slice: found.slice };
}

/** Our own note of the bytes as received, while the decoded ones are as we wrote them. */
function codedBody(
  { standard, extra }: BodyFields,
  decoded: StoredBody,
  hints: BodyHints,
  attachments: Attachments,
  warn: Warn,
): StoredBody | undefined {
  const digest = textOf(extra?.['digest']);
  if (extra === undefined || digest === undefined || extra['coding'] !== hints.contentEncoding)
    return undefined;
  const read = (): Buffer => decoded.take({ standard, extra });
  const { length, slice } = decoded;
  if (Body.file({ length, read, ...(slice && { slice }) }).digest() !== digest) return undefined;
  const encoded = textOf(extra['encoded']);
  const file = textOf(extra['_file']);
  if (file !== undefined) {
    const found = attached(file, attachments, warn);
    return found && { ...found, coded: true };
  }
  if (encoded === undefined) return { ...decoded, coded: true };
  return {
    length: Buffer.byteLength(encoded, 'base64'),
    coded: true,
    take: (fields) => Buffer.from(textOf(fields.extra?.['encoded']) ?? '', 'base64'),
  };
}

/** Some tools keep the coded bytes, as base64, when they could not decode them; then nothing about the head is stale. */
function stillCoded(fields: BodyFields, body: StoredBody, hints: BodyHints): boolean {
  if (body.length !== hints.contentLength || fields.standard?.['encoding'] !== 'base64') return false;
  const bytes = body.take(fields);
  if (bytes.subarray(0, 2).equals(GZIP) || bytes.subarray(0, 4).equals(ZSTD)) return true;
  try {
    return decodeContent(bytes, hints.contentEncoding, 64 * 1024 * 1024).length > 0;
  } catch {
    return false;
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Bytes that the tool counted in a member such as `size`; undefined when it says nothing (`-1`). */
export function countOf(fields: JsonObject | undefined, key: string): number | undefined {
  const count = isObject(fields) ? numberOf(fields[key]) : undefined;
  return count !== undefined && count >= 0 ? count : undefined;
}
