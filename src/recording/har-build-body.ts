import { isUtf8 } from 'node:buffer';
import { Body } from '../http/body';
import { decodeContent } from '../http/content-coding';
import type { KeptBody } from './body-store';
import type { CodedBody } from './har-replay';

/** Stores a large body. */
export type PutBody = (body: Body) => KeptBody;

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
/** Bytes that a body may have and decode to; one that exceeds it is kept as it was received. */
export const MOST_DECODED = 64 * 1024 * 1024;

/** The decoded body for the standard fields, and what takes it back to the bytes as received. */
export function buildBody(
  given: Body,
  coding: string | undefined,
  put: PutBody,
  mostDecoded = MOST_DECODED,
): BuiltBody {
  const body = given.length === undefined ? Body.from(given.bytesSync()) : given;
  const decoded = coding === undefined ? undefined : decodedOf(body, coding, mostDecoded);
  const shown = decoded ?? body;
  const size = shown.length ?? 0;
  const file = size > LARGE ? put(shown) : undefined;
  const fields = file ? { _file: file.name } : textOf(shown.bytesSync());
  if (coding === undefined || size === 0) return { size, fields };
  const digest = file?.digest ?? shown.digest();
  return { size, fields, extra: { digest, coding, ...(decoded && codedOf(body, put)) } };
}

/** Undefined when it cannot be decoded, or not within bounds. */
function decodedOf(body: Body, coding: string, most: number): Body | undefined {
  if (body.length! > most) return undefined;
  const bytes = body.bytesSync();
  try {
    const decoded = decodeContent(bytes, coding, most);
    // An empty text says nothing about the coded bytes that it came from.
    return decoded.length > 0 ? Body.from(decoded) : undefined;
  } catch {
    return undefined;
  }
}

function codedOf(body: Body, put: PutBody): Pick<CodedBody, '_file' | 'encoded'> {
  return body.length! > LARGE ? { _file: put(body).name } : { encoded: body.bytesSync().toString('base64') };
}

function textOf(bytes: Buffer): BuiltBody['fields'] {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  return { text: bytes.toString('base64'), encoding: 'base64' };
}
