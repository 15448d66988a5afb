import { once } from 'node:events';
import type { Socket } from 'node:net';
import { UpstreamError } from '../errors';
import type { Permission } from './permission';
import type { OutgoingRequest } from './upstream-request';

/** Methods of which servers expect content, so that none is said, too (RFC 9110 §8.6). */
const WITH_CONTENT = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);
/** Bytes of content that are copied to go out with the head in one piece. */
const SMALL = 16 * 1024;

/** True when a server may not read content that it does not expect, and take it for the next request. */
export function isUnexpected({ method, body }: Pick<OutgoingRequest, 'method' | 'body'>): boolean {
  return body !== null && !WITH_CONTENT.has(method);
}

/**
 * Writes a request. Undefined when all of it is handed over; otherwise it resolves then, or when the socket has closed. Rejects when the
 * content breaks off, with an UpstreamError when it is not as long as was announced. Content that waits for `permission` has its head sent ahead.
 */
export function writeRequest(
  socket: Socket,
  request: OutgoingRequest,
  where: string,
  permission?: Permission,
): Promise<void> | undefined {
  const { body } = request;
  if (body === null) socket.write(headOnly(request), 'latin1');
  else if (!Buffer.isBuffer(body)) return new ContentWriter(socket, request, where).write(body, permission);
  else {
    const head = request.head({ length: String(body.length) });
    if (body.length > SMALL) {
      socket.write(head, 'latin1');
      socket.write(body);
    } else {
      const whole = Buffer.allocUnsafe(head.length + body.length);
      body.copy(whole, whole.write(head, 'latin1'));
      socket.write(whole);
    }
  }
  return undefined;
}

/** A request without content; trailers go with chunks only (RFC 9112 §7.1.2). */
function headOnly(request: OutgoingRequest): string {
  if (request.trailers().length > 0) return `${request.head('chunked')}\r\n${lastChunk(request)}`;
  return request.head(WITH_CONTENT.has(request.method) ? { length: '0' } : 'none');
}

function lastChunk(request: OutgoingRequest): string {
  const lines = request.trailers().map(([name, value]) => `${name}: ${value}\r\n`);
  return `0\r\n${lines.join('')}\r\n`;
}

/** Content on its way, as fast as the other side reads it. */
class ContentWriter {
  readonly #socket: Socket;
  readonly #request: OutgoingRequest;
  readonly #where: string;
  #isHeadSent = false;
  #written = 0;

  constructor(socket: Socket, request: OutgoingRequest, where: string) {
    this.#socket = socket;
    this.#request = request;
    this.#where = where;
  }

  async write(content: AsyncIterable<Buffer>, permission: Permission | undefined): Promise<void> {
    if (permission) {
      this.#sendHead();
      if (!(await permission.given(this.#socket))) return;
    }
    for await (const chunk of content) {
      if (this.#socket.destroyed) return;
      if (chunk.length > 0 && !this.#send(chunk)) await this.#drained();
    }
    if (!this.#socket.destroyed) this.#end();
  }

  /** False when the other side should read first. */
  #send(chunk: Buffer): boolean {
    const { length } = this.#request;
    this.#written += chunk.length;
    if (length !== undefined && this.#written > length) throw this.#wrongLength();
    this.#socket.cork();
    this.#sendHead();
    if (length === undefined) this.#socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    const hasRoom = this.#socket.write(chunk);
    if (length === undefined) this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return hasRoom;
  }

  #sendHead(): void {
    if (this.#isHeadSent) return;
    this.#isHeadSent = true;
    const { length } = this.#request;
    const head =
      length === undefined
        ? `${this.#request.head('chunked')}\r\n`
        : this.#request.head({ length: String(length) });
    this.#socket.write(head, 'latin1');
  }

  #end(): void {
    const { length } = this.#request;
    if (length !== undefined && this.#written < length) throw this.#wrongLength();
    if (!this.#isHeadSent) this.#socket.write(headOnly(this.#request), 'latin1');
    else if (length === undefined) this.#socket.write(lastChunk(this.#request), 'latin1');
  }

  async #drained(): Promise<void> {
    const waiting = new AbortController();
    const options = { signal: waiting.signal };
    await Promise.race([once(this.#socket, 'drain', options), once(this.#socket, 'close', options)]).finally(
      () => waiting.abort(),
    );
  }

  #wrongLength(): UpstreamError {
    return new UpstreamError(
      `${this.#where} did not get the request: its body is not as long as its Content-Length says`,
    );
  }
}
