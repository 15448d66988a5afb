import { Decompress } from 'fzstd'; // late
import * as zlib from 'node:zlib';

/** The window that every HTTP recipient of zstd must accept (RFC 9659): 8 MiB. */
const STANDARD_WINDOW = 8 * 1024 * 1024;

/** Bytes of window that may be moved in all; each block moves one window. About three seconds' worth. */
const MOST_WORK = 32 * 1024 ** 3;

interface Frame {
  readonly data: Buffer;
  /** Bytes of window its header asks for. */
  readonly window: number;
  readonly blocks: number;
}

/** The decoder of newer Node releases (22.15, 23.8), which the types of Node 20 do not have. */
interface NativeZstd {
  zstdDecompressSync?: (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;
}

/**
 * Decodes zstd (RFC 8878), by Node where it can, else in JavaScript (without checking the checksum).
 * @throws RangeError `ERR_BUFFER_TOO_LARGE`, as node:zlib does, if the result has more than `limit` bytes, or asks for more
 *   memory or work than an honest one of that size
 * @throws Error if the data is corrupt or cut short
 */
export function decodeZstd(bytes: Buffer, limit: number, native: NativeZstd = zlib as NativeZstd): Buffer {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let work = 0;
  const take = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  };
  // Frame by frame for Node's decoder, too: not every release of it minds data that is cut short, or goes on behind the first frame.
  for (const { data, window, blocks } of frames(bytes)) {
    if (native.zstdDecompressSync !== undefined) {
      take(native.zstdDecompressSync(data, { maxOutputLength: Math.max(1, limit - size) }));
      continue;
    }
    work += window * (blocks + 1);
    if (window > Math.max(limit, STANDARD_WINDOW) || work > MOST_WORK) throw tooLarge(limit);
    new Decompress(take).push(data, true);
  }
  return Buffer.concat(chunks, size);
}

/**
 * Cuts the data into frames without decoding any, skippable ones left out. The decoder takes a frame's word for how much memory it needs, so the
 * header is read before it sees it.
 */
function* frames(bytes: Buffer): Generator<Frame> {
  let start = 0;
  while (start < bytes.length) {
    const magic = readUInt(bytes, start, 4);
    if (magic >>> 4 === 0x184d2a5) {
      start += 8 + readUInt(bytes, start + 4, 4);
    } else if (magic === 0xfd2fb528) {
      const { window, headerEnd, hasChecksum } = readHeader(bytes, start);
      let end = headerEnd;
      let blocks = 0;
      for (let isLast = false; !isLast; blocks += 1) {
        const header = readUInt(bytes, end, 3);
        isLast = (header & 1) === 1;
        // A run-length block (type 1) is one byte, however long it becomes.
        end += 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3);
      }
      if (hasChecksum) end += 4;
      if (end > bytes.length) throw cutShort();
      yield { data: bytes.subarray(start, end), window, blocks };
      start = end;
    } else {
      throw new Error(`no zstd frame at byte ${start}`);
    }
  }
}

/** RFC 8878 §3.1.1.1 */
function readHeader(
  bytes: Buffer,
  start: number,
): { window: number; headerEnd: number; hasChecksum: boolean } {
  const descriptor = readUInt(bytes, start + 4, 1);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const headerEnd = sizeAt + sizeBytes;
  const hasChecksum = (descriptor & 4) !== 0;
  if (isSingleSegment) return { window: readSize(bytes, sizeAt, sizeBytes), headerEnd, hasChecksum };
  const windowByte = readUInt(bytes, start + 5, 1);
  const base = 2 ** (10 + (windowByte >> 3));
  return { window: base + (base / 8) * (windowByte & 7), headerEnd, hasChecksum };
}

function readSize(bytes: Buffer, at: number, length: number): number {
  if (length === 8) return readUInt(bytes, at, 4) + readUInt(bytes, at + 4, 4) * 2 ** 32;
  return readUInt(bytes, at, length) + (length === 2 ? 256 : 0);
}

function readUInt(bytes: Buffer, at: number, length: number): number {
  if (at + length > bytes.length) throw cutShort();
  return bytes.readUIntLE(at, length);
}

function cutShort(): Error {
  return new Error('unexpected end of data');
}

function tooLarge(limit: number): RangeError {
  return Object.assign(new RangeError(`more than ${limit} bytes`), { code: 'ERR_BUFFER_TOO_LARGE' });
}
