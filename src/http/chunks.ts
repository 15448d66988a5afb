import type { Message } from './decoded-bytes';
import { partLengths } from './stream-parts';
import { streamKind } from './streams';

/** How a body came: a number for each of its parts in both lists. */
export interface BodyChunks {
  /** Milliseconds from the message's head to the part. */
  readonly at: readonly number[];
  /** Bytes. */
  readonly lengths: readonly number[];
}

/** True when the parts are those of a body of `length` bytes. */
export function areOf({ at, lengths }: BodyChunks, length: number | undefined): boolean {
  return at.length === lengths.length && lengths.reduce((sum, one) => sum + one, 0) === length;
}

/**
 * The parts of a body that may have changed since it came in `chunks`: the same if they are still of its length; else the events or
 * messages that are in it, each at the time of the part that had its number; of a body without times all at once.
 */
export function fitChunks(chunks: BodyChunks | undefined, { body, headers }: Message): BodyChunks {
  if (chunks && areOf(chunks, body.length)) return chunks;
  const kind = headers.has('content-encoding') ? undefined : streamKind(headers);
  const lengths = [...partLengths(body.chunksSync(), kind)];
  const last = chunks?.at.at(-1) ?? 0;
  return { at: lengths.map((_, i) => chunks?.at[i] ?? last), lengths };
}
