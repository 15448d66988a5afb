import { isUtf8 } from 'node:buffer';
import { decodeContent } from '../http/content-coding';
import { digestOf } from './har-body';
import type { CodedBody } from './har-replay';

/** Stores a large body and gives its name for `_file`. */
export type PutBody = (bytes: Buffer) => string;

/** A body in the terms of HAR. */
export interface BuiltBody {
  /** Bytes of the decoded body. */
  readonly size: number;
  /** Text, base64 or the name of a file: the decoded body. */
  readonly fields: { text: string; encoding?: 'base64' } | { _file: string };
  /** The coded bytes, when there is a content coding. */
  readonly extra?: CodedBody;
}

/** Bytes from which on a body gets a file of its own. */
const LARGE = 1024 * 1024;
/** Bytes that a body may decode to; one that exceeds it is kept as it was received. */
const MOST_DECODED = 256 * 1024 * 1024;

/** The decoded body for the standard fields, and what takes it back to the bytes as received. */
export function buildBody(bytes: Buffer, coding: string | undefined, put: PutBody): BuiltBody {
  if (coding === undefined || bytes.length === 0) return { size: bytes.length, fields: fieldsOf(bytes, put) };
  let decoded: Buffer;
  try {
    decoded = decodeContent(bytes, coding, MOST_DECODED);
  } catch {
    return { size: bytes.length, fields: fieldsOf(bytes, put), extra: { digest: digestOf(bytes), coding } };
  }
  // An empty text says nothing about the coded bytes that it came from.
  if (decoded.length === 0)
    return { size: bytes.length, fields: fieldsOf(bytes, put), extra: { digest: digestOf(bytes), coding } };
  const coded = bytes.length > LARGE ? { _file: put(bytes) } : { encoded: bytes.toString('base64') };
  return {
    size: decoded.length,
    fields: fieldsOf(decoded, put),
    extra: { digest: digestOf(decoded), coding, ...coded },
  };
}

function fieldsOf(bytes: Buffer, put: PutBody): BuiltBody['fields'] {
  if (bytes.length > LARGE) return { _file: put(bytes) };
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  return { text: bytes.toString('base64'), encoding: 'base64' };
}
