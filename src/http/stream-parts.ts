import type { StreamKind } from './streams';

/** No part is taken to be longer: where there is no end in so many bytes, there is none to be found. */
const LONGEST = 16 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
/** Bytes before each gRPC message: a flag and its length. */
const GRPC_PREFIX = 5;

/**
 * The lengths of a stream's parts, in bytes, found by what is in it: events (up to and with the blank line behind them), lines, gRPC
 * messages. What is left over at its end is the last one; a stream of another kind is one part.
 */
export function* partLengths(
  pieces: Iterable<Buffer>,
  kind: StreamKind | undefined,
): Generator<number, void, undefined> {
  const ends = ENDS[kind ?? 'parts']();
  let length = 0;
  for (const piece of pieces) {
    for (const byte of piece) {
      length += 1;
      const verdict = ends(byte);
      if (verdict === 'before' && length > 1) {
        yield length - 1;
        length = 1;
      } else if (verdict === 'here' || length === LONGEST) {
        yield length;
        length = 0;
      }
    }
  }
  if (length > 0) yield length;
}

/** Told each byte in turn: whether a part ends with it, or ended before it. */
type Ends = (byte: number) => 'here' | 'before' | undefined;

const ENDS: Record<StreamKind, () => Ends> = {
  events: eventEnds,
  lines: () => (byte) => (byte === LF ? 'here' : undefined),
  grpc: messageEnds,
  parts: () => () => undefined,
  frames: () => () => undefined,
};

/** Lines end in CR, LF or both; blank lines before an event belong to it (WHATWG HTML §9.2.5). */
function eventEnds(): Ends {
  let before = 0;
  let lineLength = 0;
  let hasLine = false;
  let isOver = false;
  return (byte) => {
    const isSecondHalf = byte === LF && before === CR;
    before = byte;
    if (isSecondHalf) {
      if (!isOver) return undefined;
      isOver = false;
      return 'here';
    }
    const wasOver = isOver;
    isOver = false;
    if (byte !== LF && byte !== CR) {
      lineLength += 1;
      hasLine = true;
    } else if (lineLength > 0) lineLength = 0;
    else if (hasLine) {
      hasLine = false;
      if (byte === LF) return wasOver ? 'before' : 'here';
      // An LF that follows belongs to this CR.
      isOver = true;
    }
    return wasOver ? 'before' : undefined;
  };
}

function messageEnds(): Ends {
  let at = 0;
  let length = 0;
  return (byte) => {
    at += 1;
    if (at > 1 && at <= GRPC_PREFIX) length = length * 256 + byte;
    if (at < GRPC_PREFIX + length || at < GRPC_PREFIX) return undefined;
    at = 0;
    length = 0;
    return 'here';
  };
}
