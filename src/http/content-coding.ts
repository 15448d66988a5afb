import * as zlib from 'node:zlib';
import { ReplayError, reasonOf } from '../errors';
import { decodeZstd } from './zstd';

type Decoder = (bytes: Buffer, limit: number) => Buffer;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['identity', (bytes) => bytes],
  ['gzip', (bytes, limit) => zlib.gunzipSync(bytes, { maxOutputLength: limit })],
  ['deflate', inflate],
  ['br', (bytes, limit) => zlib.brotliDecompressSync(bytes, { maxOutputLength: limit })],
  ['zstd', decodeZstd],
]);

const MIB = 1024 * 1024;

/** No server applies more; keeps the work on a hostile list bounded. */
const MOST_CODINGS = 8;

/**
 * Undoes the codings of a `Content-Encoding` value (RFC 9110 §8.4), the last one first. No bytes decode to no bytes in
 * every coding: that is how a response to HEAD looks.
 * @param limit most bytes that any step may produce
 * @throws ReplayError `ERR_CONTENT_CODING` for an unknown coding, corrupt or truncated data, or a result past the limit
 */
export function decodeContent(bytes: Buffer, contentEncoding: string | undefined, limit = 64 * MIB): Buffer {
  const codings = codingsOf(contentEncoding);
  if (codings.length > MOST_CODINGS) {
    throw codingError(`a body with ${codings.length} content codings; at most ${MOST_CODINGS} are undone`);
  }
  return codings.reduceRight((body, coding) => {
    const decode = DECODERS.get(coding);
    if (decode === undefined) {
      const known = [...DECODERS.keys()].join(', ');
      throw codingError(`content coding ${JSON.stringify(coding)} is not known; these are: ${known}`);
    }
    if (body.length === 0) return body;
    try {
      return decode(body, limit);
    } catch (error) {
      if (isPastLimit(error)) {
        throw codingError(
          `a body coded as ${coding} is larger than ${limit} bytes when decoded; raise the limit`,
          error,
        );
      }
      throw codingError(
        `a body is not valid ${coding}: ${reasonOf(error)}; it can be used undecoded only`,
        error,
      );
    }
  }, bytes);
}

/**
 * Whether a client that sent this `Accept-Encoding` takes a body with this `Content-Encoding` (RFC 9110 §12.5.3).
 *
 * Without the header everything is taken, with an empty one only `identity`; of a list every coding must be taken.
 */
export function acceptsCoding(
  acceptEncoding: string | undefined,
  contentEncoding: string | undefined,
): boolean {
  if (acceptEncoding === undefined) return true;
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    if (coding !== '') weights.set(canonical(coding), weightOf(parameters));
  }
  const codings = codingsOf(contentEncoding);
  return (codings.length === 0 ? ['identity'] : codings).every((coding) => {
    const weight = weights.get(coding) ?? weights.get('*') ?? (coding === 'identity' ? 1 : 0);
    return weight > 0;
  });
}

/** An unreadable weight counts as none given: 1. */
function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  return weight !== undefined && /^0(?:\.0*)?$/.test(weight) ? 0 : 1;
}

function codingsOf(contentEncoding = ''): string[] {
  return contentEncoding
    .split(',')
    .map((coding) => canonical(coding.trim().toLowerCase()))
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** RFC 9110 §8.4.1.3 */
function canonical(coding: string): string {
  return coding === 'x-gzip' ? 'gzip' : coding;
}

/** With the zlib header as RFC 9110 §8.4.1.2 says, or without, as some servers send it. */
function inflate(bytes: Buffer, limit: number): Buffer {
  try {
    return zlib.inflateSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    if (isPastLimit(error)) throw error;
    try {
      return zlib.inflateRawSync(bytes, { maxOutputLength: limit });
    } catch (rawError) {
      throw isPastLimit(rawError) ? rawError : error;
    }
  }
}

function isPastLimit(error: unknown): boolean {
  return error instanceof RangeError && (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

function codingError(message: string, cause?: unknown): ReplayError {
  return new ReplayError(message, { code: 'ERR_CONTENT_CODING', cause });
}
