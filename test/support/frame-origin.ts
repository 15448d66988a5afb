import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { DEFAULT_LIMITS, type Limits } from '../../src/transport/options';
import { createUpstream, type Upstream } from '../../src/transport/upstream';

/** Types and flags of frames (RFC 9113 §6). */
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
};
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** One frame. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

/** Field lines in HPACK, each literal and never remembered. */
export function fields(lines: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    return Buffer.concat([integer(bytes.length), bytes]);
  };
  return Buffer.concat(lines.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** The head of a response. */
export function headers(stream: number, lines: readonly (readonly [string, string])[], end = false): Buffer {
  return frame(FRAME.headers, END_HEADERS | (end ? END_STREAM : 0), stream, fields(lines));
}

/** A part of a response's content. */
export function data(stream: number, content: Buffer | string, end = false): Buffer {
  return frame(FRAME.data, end ? END_STREAM : 0, stream, content);
}

/** The reset of a stream. */
export function reset(stream: number, code: number): Buffer {
  return frame(FRAME.reset, 0, stream, words(code));
}

/** The farewell of a connection. */
export function goaway(lastStream: number, code: number): Buffer {
  return frame(FRAME.goaway, 0, 0, words(lastStream, code));
}

/** Numbers of 32 bits. */
export function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, at * 4));
  return bytes;
}

/** A server of HTTP/2 without TLS that sends exactly the frames that a test gives it. */
export class FrameOrigin {
  readonly sockets: Socket[] = [];
  /** Frames that arrived, without settings, in order, from all connections. */
  readonly seen: { type: number; flags: number; stream: number; payload: Buffer; connection: number }[] = [];
  readonly #upstreams: Upstream[] = [];

  private constructor(readonly server: Server) {}

  /** `answer` is called with each HEADERS that opens a stream; `settings` is the payload of the first frame. */
  static async start(
    answer: (socket: Socket, stream: number, connection: number) => void,
    settings: Buffer = Buffer.alloc(0),
  ): Promise<FrameOrigin> {
    const server = createServer((socket) => {
      const connection = origin.sockets.push(socket) - 1;
      let pending = Buffer.alloc(0);
      let isBegun = false;
      socket
        .setNoDelay(true)
        .on('error', () => {})
        .write(frame(FRAME.settings, 0, 0, settings));
      socket.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        if (!isBegun && pending.length < 24) return;
        if (!isBegun) pending = pending.subarray(24);
        isBegun = true;
        while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
          const end = 9 + pending.readUIntBE(0, 3);
          const [type, flags, stream] = [pending[3]!, pending[4]!, pending.readUInt32BE(5)];
          const payload = pending.subarray(9, end);
          pending = pending.subarray(end);
          if (type === FRAME.settings && flags === 0) socket.write(frame(FRAME.settings, 1, 0));
          if (type === FRAME.settings) continue;
          origin.seen.push({ type, flags, stream, payload, connection });
          if (type === FRAME.headers) answer(socket, stream, connection);
        }
      });
    });
    const origin = new FrameOrigin(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get where(): string {
    return `127.0.0.1:${this.port}`;
  }

  client(limits: Partial<Limits> = {}): Upstream {
    const upstream = createUpstream({ insecure: false }, { ...DEFAULT_LIMITS, ...limits }, Date.now);
    this.#upstreams.push(upstream);
    return upstream;
  }

  request(init: Partial<HttpRequestInit> = {}): HttpRequest {
    return new HttpRequest({
      ...{ scheme: 'http', host: '127.0.0.1', port: this.port, path: '/', httpVersion: '2.0' },
      ...init,
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()));
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** A length of 7 bits and what goes beyond (RFC 7541 §5.1). */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
