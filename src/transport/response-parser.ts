import { HttpHeaders } from '../http/headers';
import { ChunkedBody } from './chunked-body';
import {
  framingOf,
  noResponse,
  readHead,
  type ResponseFraming,
  type ResponseHead,
  UnfitResponse,
} from './response-head';

/** Hears of the response to one request. */
export interface ResponseReader {
  /** The method of the request. */
  readonly method: string;
  /** A head of 1xx, but for 101. */
  interim(head: ResponseHead): void;
  /** A head, a body with this framing to follow; none behind 101, which ends HTTP on this connection. */
  begin(head: ResponseHead, framing: ResponseFraming): void;
  content(bytes: Buffer): void;
  /** The response is whole. */
  end(trailers: HttpHeaders): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const STATUS_LINE_START = 'HTTP/1.';
const NOTHING = Buffer.alloc(0);
/** A CR or an LF by itself ends lines for some readers and for others not. */
const STRAY_BREAK = /\r(?!\n|$)|(?<!\r)\n/;

/** Reads the responses on an HTTP/1 connection, one after the other, out of its bytes. */
export class ResponseParser {
  readonly #limit: number;
  #reader: ResponseReader | undefined;
  #framing: ResponseFraming | 'head' = 'head';
  /** Bytes of a body with a length that are still to come. */
  #left = 0;
  #chunks: ChunkedBody | undefined;
  /** What has come of a head. */
  #held: Buffer = NOTHING;
  /** Where it lies once it came in several pieces, with room for more: byte by byte it is not copied each time. */
  #room: Buffer = NOTHING;

  /** `limit`: bytes that a header block may have. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The next response is for this reader; the one before is whole. */
  expect(reader: ResponseReader): void {
    this.#reader = reader;
    this.#framing = 'head';
  }

  /**
   * Takes the next bytes, and gives what is behind the end of the response, or behind a 101.
   * @throws UnfitResponse
   */
  push(bytes: Buffer): Buffer {
    let rest = bytes;
    while (rest.length > 0 && this.#reader) {
      if (this.#framing === 'head') rest = this.#takeHead(rest, this.#reader);
      else rest = this.#takeBody(rest, this.#reader);
    }
    return rest;
  }

  /** The other side has ended the connection: true when that is the end of a response. */
  close(): boolean {
    const isEnd = this.#framing === 'close' && this.#reader !== undefined;
    if (isEnd) this.#end(new HttpHeaders());
    return isEnd;
  }

  #takeHead(bytes: Buffer, reader: ResponseReader): Buffer {
    const all = this.#held.length === 0 ? bytes : this.#join(bytes);
    // RFC 9112 §2.2 has readers skip what some senders write behind a body.
    const start = all[0] === 0x0d && all[1] === 0x0a ? 2 : 0;
    if (start > 0) {
      this.#forget();
      return all.subarray(start);
    }
    const end = all.indexOf(HEAD_END, Math.max(0, this.#held.length - HEAD_END.length));
    const length = end < 0 ? all.length : end + HEAD_END.length;
    if (length > this.#limit)
      throw new UnfitResponse(`sent a header block of more than ${this.#limit} bytes`);
    if (end < 0) {
      refuseEarly(all, this.#held.length);
      this.#held = all;
      return NOTHING;
    }
    this.#forget();
    this.#read(readHead(all.toString('latin1', 0, end + 2)), reader);
    return all.subarray(length);
  }

  #join(bytes: Buffer): Buffer {
    const known = this.#held.length;
    const length = known + bytes.length;
    if (length > this.#room.length) {
      this.#room = Buffer.allocUnsafe(2 * length);
      this.#held.copy(this.#room);
    }
    bytes.copy(this.#room, known);
    return this.#room.subarray(0, length);
  }

  /** The room goes, too: what is behind the head lies in it. */
  #forget(): void {
    this.#held = NOTHING;
    this.#room = NOTHING;
  }

  #read(head: ResponseHead, reader: ResponseReader): void {
    const framing = framingOf(head, reader.method);
    if (head.status < 200 && head.status !== 101) return reader.interim(head);
    this.#framing = framing;
    this.#left = typeof framing === 'object' ? framing.length : 0;
    this.#chunks =
      framing === 'chunked' ? new ChunkedBody(this.#limit, (bytes) => reader.content(bytes)) : undefined;
    reader.begin(head, framing);
    if (head.status === 101) this.#reader = undefined;
    else if (framing !== 'chunked' && framing !== 'close' && this.#left === 0) this.#end(new HttpHeaders());
  }

  #takeBody(bytes: Buffer, reader: ResponseReader): Buffer {
    if (this.#chunks) {
      const rest = this.#chunks.push(bytes);
      if (this.#chunks.trailers) this.#end(this.#chunks.trailers);
      return rest;
    }
    if (this.#framing === 'close') {
      reader.content(bytes);
      return NOTHING;
    }
    const length = Math.min(bytes.length, this.#left);
    this.#left -= length;
    reader.content(length === bytes.length ? bytes : bytes.subarray(0, length));
    if (this.#left === 0) this.#end(new HttpHeaders());
    return bytes.subarray(length);
  }

  #end(trailers: HttpHeaders): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.end(trailers);
  }
}

/** What cannot become a head any more is not waited for; that of another protocol is, to say of which. The first `known` bytes may. */
function refuseEarly(bytes: Buffer, known: number): void {
  const start = bytes.toString('latin1', 0, STATUS_LINE_START.length);
  const mayBecomeOurs = STATUS_LINE_START.startsWith(start) || start === '\r';
  if (!mayBecomeOurs && !/^(?:HTTP|RTSP|ICE)\//.test(start))
    throw noResponse(': it does not begin with a status line');
  const news = bytes.toString('latin1', Math.max(0, known - 1));
  if (STRAY_BREAK.test(known > 0 && news.startsWith('\n') ? news.slice(1) : news))
    throw noResponse(': its header block is malformed or contradicts itself');
}
