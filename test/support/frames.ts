import type { Socket } from 'node:net';

/** A frame byte for byte (RFC 6455 §5.2), masked with zeros unless told; `first` is its first byte. */
export function frame(
  first: number,
  payload: Buffer | string = '',
  { masked = true, length }: { masked?: boolean; length?: number } = {},
): Buffer {
  const data = Buffer.from(payload as string);
  const size = length ?? data.length;
  const mask = masked ? 0x80 : 0;
  const head =
    size < 126
      ? Buffer.from([first, mask | size])
      : size < 65_536
        ? Buffer.from([first, mask | 126, size >> 8, size & 255])
        : Buffer.concat([Buffer.from([first, mask | 127]), bigEndian(size)]);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), data]);
}

/** A close frame's payload. */
export function closing(code: number, reason = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

/** Reads the frames that come, unmasked, as `OPCODE payload`, close frames as `8 CODE reason`; `end` at the end. */
export class FrameReader {
  readonly frames: string[] = [];
  #bytes = Buffer.alloc(0);
  #wake = (): void => {};

  /** `early` are bytes that have been read before. */
  constructor(socket: Socket, early = '') {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#parse();
    });
    socket.once('close', () => this.#add('end'));
    socket.once('end', () => socket.end());
    this.#bytes = Buffer.from(early, 'latin1');
    this.#parse();
  }

  /** The frames, once there are so many. */
  async until(count: number): Promise<string[]> {
    while (this.frames.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.frames;
  }

  #parse(): void {
    for (;;) {
      const [first = 0, second = 0] = this.#bytes;
      const short = second & 127;
      const headSize = (short < 126 ? 2 : short === 126 ? 4 : 10) + (second & 128 ? 4 : 0);
      if (this.#bytes.length < headSize) return;
      const size =
        short < 126
          ? short
          : short === 126
            ? this.#bytes.readUInt16BE(2)
            : Number(this.#bytes.readBigUInt64BE(2));
      if (this.#bytes.length < headSize + size) return;
      const data = Buffer.from(this.#bytes.subarray(headSize, headSize + size));
      if (second & 128)
        for (let at = 0; at < size; at += 1) data[at]! ^= this.#bytes[headSize - 4 + (at % 4)]!;
      this.#bytes = this.#bytes.subarray(headSize + size);
      const opcode = first & 15;
      const text =
        opcode === 8 && size > 1 ? `${data.readUInt16BE(0)} ${data.subarray(2).toString()}` : data.toString();
      this.#add(`${opcode} ${text}`.trim());
    }
  }

  #add(frame: string): void {
    this.frames.push(frame);
    this.#wake();
  }
}

function bigEndian(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}
