import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { InterimResponse } from '../../src/core/ends';
import { type HttpHeaders } from '../../src/http/headers';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import type { HttpResponse } from '../../src/http/response';
import { DEFAULT_LIMITS, type Limits, type UpstreamOptions } from '../../src/transport/options';
import { createUpstream, type Upstream } from '../../src/transport/upstream';

/** A server that speaks exactly the bytes that a test gives it, and an upstream client to try on it. */
export class RawOrigin {
  readonly sockets: Socket[] = [];
  /** What arrived, by connection, one character a byte. */
  readonly received: string[] = [];
  readonly upstreams: Upstream[] = [];

  private constructor(readonly server: Server) {}

  /** `answer` is called with each piece that arrives, and all of its connection so far. */
  static async start(
    answer: (socket: Socket, soFar: string, connection: number) => void,
  ): Promise<RawOrigin> {
    const server = createServer((socket) => {
      const connection = origin.sockets.push(socket) - 1;
      origin.received[connection] = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        origin.received[connection] += chunk.toString('latin1');
        answer(socket, origin.received[connection]!, connection);
      });
    });
    const origin = new RawOrigin(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  /** Answers every request head with the same bytes; `end` closes the connection after them. */
  static always(bytes: string, then: 'keep' | 'end' | 'reset' = 'keep'): Promise<RawOrigin> {
    return RawOrigin.start((socket, soFar) => {
      if (!soFar.endsWith('\r\n\r\n')) return;
      socket.write(bytes, 'latin1', () => {
        if (then === 'end') socket.end();
        // The bytes should be read before the reset throws them away.
        if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get where(): string {
    return `127.0.0.1:${this.port}`;
  }

  client(limits: Partial<Limits> = {}, options: Partial<UpstreamOptions> = {}): Upstream {
    const upstream = createUpstream(
      { insecure: false, ...options },
      { ...DEFAULT_LIMITS, ...limits },
      Date.now,
    );
    this.upstreams.push(upstream);
    return upstream;
  }

  request(init: Partial<HttpRequestInit> = {}): HttpRequest {
    return new HttpRequest({ scheme: 'http', host: '127.0.0.1', port: this.port, path: '/', ...init });
  }

  async stop(): Promise<void> {
    await Promise.all(this.upstreams.map((upstream) => upstream.close()));
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** Sends with a signal of no consequence unless told. */
export function send(
  upstream: Upstream,
  request: HttpRequest,
  options: { signal?: AbortSignal; informed?: InterimResponse[] } = {},
): Promise<HttpResponse> {
  return upstream.send(request, {
    signal: options.signal ?? new AbortController().signal,
    inform: (interim) => void options.informed?.push(interim),
    contact: () => {},
  });
}

/** A response's content, one character a byte. */
export async function contentOf(response: HttpResponse): Promise<string> {
  let content = '';
  for await (const chunk of response.body.chunks()) content += chunk.toString('latin1');
  return content;
}

/** Headers as lines, which are easy to compare. */
export function linesOf(headers: HttpHeaders): string[] {
  return [...headers].map(([name, value]) => `${name}: ${value}`);
}

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
