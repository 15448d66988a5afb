import { type HttpHeaders } from '../http/headers';
import { noResponse, readFields, UnfitResponse } from './response-head';

/** The size of a chunk, and extensions that mean nothing here (RFC 9112 §7.1.1). */
const SIZE_LINE = /^([0-9a-f]{1,16})(?:;[\t\x20-\x7e\x80-\xff]*)?$/i;
const [CR, LF] = [0x0d, 0x0a];
const CHUNK_TOO_LONG = ': a chunk is not as long as its size says';

/** Reads a body in chunks (RFC 9112 §7.1) out of the bytes of a connection. */
export class ChunkedBody {
  /** The fields behind the last chunk; undefined until they are whole. */
  trailers: HttpHeaders | undefined;
  readonly #limit: number;
  readonly #content: (bytes: Buffer) => void;
  #state: 'size' | 'content' | 'break' | 'trailers' = 'size';
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  /** What has come of a line. */
  #line = '';
  #fields = '';

  /** `limit`: bytes that a line, and all trailers, may have. */
  constructor(limit: number, content: (bytes: Buffer) => void) {
    this.#limit = limit;
    this.#content = content;
  }

  /** Takes the next bytes, and gives what is behind the end of the body. @throws UnfitResponse */
  push(bytes: Buffer): Buffer {
    let at = 0;
    while (at < bytes.length && this.trailers === undefined) {
      if (this.#state === 'content') at = this.#takeContent(bytes, at);
      else at = this.#takeLine(bytes, at);
    }
    return bytes.subarray(at);
  }

  #takeContent(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#content(bytes.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) this.#state = 'break';
    return end;
  }

  #takeLine(bytes: Buffer, at: number): number {
    // What is not the line break behind a chunk is not waited for.
    if (this.#state === 'break' && bytes[at] !== (this.#line === '' ? CR : LF))
      throw noResponse(CHUNK_TOO_LONG);
    const found = bytes.indexOf(LF, at);
    const end = found < 0 ? bytes.length : found + 1;
    this.#line += bytes.toString('latin1', at, end);
    if (this.#line.length + this.#fields.length > this.#limit)
      throw new UnfitResponse(`sent a header block of more than ${this.#limit} bytes`);
    if (found < 0) return end;
    const line = this.#line;
    this.#line = '';
    if (!line.endsWith('\r\n')) throw noResponse(': a line of its chunks ends without CR');
    if (this.#state === 'size') this.#begin(line.slice(0, -2));
    else if (this.#state === 'break') this.#endChunk(line);
    else if (line === '\r\n') this.trailers = readFields(this.#fields);
    else this.#fields += line;
    return end;
  }

  #endChunk(line: string): void {
    if (line !== '\r\n') throw noResponse(CHUNK_TOO_LONG);
    this.#state = 'size';
  }

  #begin(line: string): void {
    const size = parseInt(SIZE_LINE.exec(line)?.[1] ?? '', 16);
    if (!Number.isSafeInteger(size)) throw noResponse(': Invalid character in chunk size');
    this.#left = size;
    this.#state = size === 0 ? 'trailers' : 'content';
  }
}
