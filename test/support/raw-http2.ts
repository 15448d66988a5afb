import { FRAME, frame, words } from './frame-origin';
import type { RawClient } from './raw-client';

/** What every connection of HTTP/2 begins with (RFC 9113 §3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Names of error codes (RFC 9113 §7). */
export const CODES = [
  ...['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT'],
  ...['STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR'],
  ...['CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'],
];

/** What has become of one stream. */
export interface RawStream {
  /** Statuses in order, interim ones too. */
  readonly statuses: number[];
  body: string;
  /** The server has ended it. */
  ended: boolean;
  /** The name of the code that it was reset with. */
  reset: string | undefined;
}

/** A client of HTTP/2 that sends exactly the frames that it is told to, and reads what comes back. */
export class RawHttp2 {
  readonly streams = new Map<number, RawStream>();
  /** The name of the code of the server's GOAWAY. */
  goaway: string | undefined;
  settings = 0;
  pings = 0;
  #at = 0;

  constructor(readonly client: RawClient) {
    client.socket.setNoDelay(true);
  }

  /** Greets: the preface, and settings that keep the server from remembering fields, so that statuses can be read. */
  greet(): this {
    return this.send(PREFACE, frame(FRAME.settings, 0, 0, settings([1, 0])));
  }

  send(...bytes: (string | Buffer)[]): this {
    for (const one of bytes) this.client.send(one);
    return this;
  }

  /** True once the server has ended the connection. */
  get ended(): boolean {
    return this.client.ended;
  }

  /** Waits until `condition` holds, the connection has ended or `within` milliseconds are over. True if it holds. */
  async until(condition: () => boolean, within = 800): Promise<boolean> {
    const deadline = performance.now() + within;
    for (;;) {
      this.#read();
      if (condition()) return true;
      if (this.ended || performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** The stream with this id, as far as it is known. */
  stream(id: number): RawStream {
    let stream = this.streams.get(id);
    if (!stream) this.streams.set(id, (stream = { statuses: [], body: '', ended: false, reset: undefined }));
    return stream;
  }

  /** Acknowledges with `true` the server's settings, as a client has to. */
  acknowledge(): this {
    return this.send(frame(FRAME.settings, 1, 0));
  }

  #read(): void {
    const bytes = Buffer.from(this.client.received.slice(this.#at), 'latin1');
    let at = 0;
    while (at + 9 <= bytes.length && at + 9 + bytes.readUIntBE(at, 3) <= bytes.length) {
      const end = at + 9 + bytes.readUIntBE(at, 3);
      this.#take(bytes[at + 3]!, bytes[at + 4]!, bytes.readUInt32BE(at + 5), bytes.subarray(at + 9, end));
      at = end;
    }
    this.#at += at;
  }

  #take(type: number, flags: number, id: number, payload: Buffer): void {
    if (type === FRAME.goaway) this.goaway = CODES[payload.readUInt32BE(4)];
    else if (type === FRAME.settings) this.settings += 1;
    else if (type === FRAME.ping) this.pings += 1;
    else if (type === FRAME.reset) this.stream(id).reset = CODES[payload.readUInt32BE(0)];
    else if (type === FRAME.data) this.stream(id).body += payload.toString('latin1');
    else if (type === FRAME.headers) {
      const status = statusOf(payload);
      if (status !== undefined) this.stream(id).statuses.push(status);
    }
    if ((type === FRAME.data || type === FRAME.headers) && (flags & 1) !== 0) this.stream(id).ended = true;
  }
}

/** The payload of a SETTINGS frame. */
export function settings(...pairs: (readonly [number, number])[]): Buffer {
  return Buffer.concat(
    pairs.map(([id, value]) => {
      const bytes = Buffer.alloc(6);
      bytes.writeUInt16BE(id, 0);
      bytes.writeUInt32BE(value, 2);
      return bytes;
    }),
  );
}

/** A WINDOW_UPDATE. */
export function opened(stream: number, by: number): Buffer {
  return frame(FRAME.window, 0, stream, words(by));
}

const INDEXED_STATUS = [200, 204, 206, 304, 400, 404, 500];

/** The status of a field block whose writer remembers nothing (RFC 7541); undefined for trailers. */
function statusOf(block: Buffer): number | undefined {
  let at = 0;
  while ((block[at]! & 0xe0) === 0x20) at += 1;
  const first = block[at]!;
  if (first >= 0x88 && first <= 0x8e) return INDEXED_STATUS[first - 0x88];
  // A literal whose name is one of the entries 8 to 14: with 4 bits of index, or 6.
  const index = (first & 0xc0) === 0x40 ? first & 0x3f : first & 0x0f;
  if (index < 8 || index > 14) return undefined;
  const length = block[at + 1]! & 0x7f;
  const value = block.subarray(at + 2, at + 2 + length);
  return Number((block[at + 1]! & 0x80) === 0 ? value.toString('latin1') : digits(value));
}

/** Digits in the code of RFC 7541 appendix B: 0 to 2 have 5 bits, the others 6. */
function digits(bytes: Buffer): string {
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let text = '';
  while (bits.length >= 5 && /0/.test(bits)) {
    const short = parseInt(bits.slice(0, 5), 2);
    const isShort = short < 3;
    text += isShort ? String(short) : String(parseInt(bits.slice(0, 6), 2) - 0b011001 + 3);
    bits = bits.slice(isShort ? 5 : 6);
  }
  return text;
}
