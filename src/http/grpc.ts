/** Bytes before each message: a flag that says whether it is compressed, and its length in four. */
const PREFIX = 5;

/** One message of a gRPC call as it is on the wire, without its prefix. */
export interface GrpcMessage {
  readonly isCompressed: boolean;
  readonly bytes: Buffer;
}

/** How many bytes of a call's body are needed for the whole first message, or to find that out; `opening` are those that there are. */
export function neededForMessage(opening: Buffer): number {
  return opening.length < PREFIX ? PREFIX : PREFIX + opening.readUInt32BE(1);
}

/**
 * The first message of a call's body; undefined when not all of it is there. `too long`: it has more than `most` bytes, and was not
 * read.
 */
export function firstMessage(pieces: Iterable<Buffer>, most: number): GrpcMessage | 'too long' | undefined {
  const held: Buffer[] = [];
  let size = 0;
  let needed = PREFIX;
  for (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < needed) continue;
    const opening = Buffer.concat(held, size);
    needed = neededForMessage(opening);
    if (needed > PREFIX + most) return 'too long';
    if (size >= needed) return { isCompressed: opening[0] === 1, bytes: opening.subarray(PREFIX, needed) };
    held.splice(0, held.length, opening);
  }
  return undefined;
}

/** A text as `grpc-message` has it: all but printable ASCII percent-encoded, and `%` itself. */
export function encodeGrpcMessage(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
