import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { HeaderPair } from '../http/headers';
import type { HttpResponse } from '../http/response';
import { type FramedResponse, trailersOf } from './response-framing';
import { ClientGone, type ResponseSink } from './response-writer';

/** Writes a response through Node's HTTP/1 server. */
export class Http1Sink implements ResponseSink {
  readonly #target: ServerResponse;
  readonly #response: HttpResponse;
  readonly #framed: FramedResponse;

  constructor(target: ServerResponse, response: HttpResponse, framed: FramedResponse) {
    this.#target = target;
    this.#response = response;
    this.#framed = framed;
  }

  get isGone(): boolean {
    return this.#target.destroyed || !this.#target.socket?.writable;
  }

  get isHeadSent(): boolean {
    return this.#target.headersSent;
  }

  writeHead(atOnce: boolean): void {
    const target = this.#target;
    const { status, reason, headers } = this.#framed;
    target.sendDate = false;
    // Told in advance that these are not wanted, Node adds none of its own.
    for (const name of ['connection', 'content-length', 'transfer-encoding']) target.removeHeader(name);
    target.writeHead(status, reason, flat(ordered(headers)));
    if (atOnce) target.flushHeaders();
  }

  writeHeadOnly(): void {
    this.writeHead(false);
  }

  writeWhole(body: Buffer): Promise<void> | undefined {
    this.writeHead(false);
    this.#target.end(body);
    // The system has taken it all; what Node says about that comes later.
    return this.#target.socket?.writableLength === 0 ? undefined : this.#finished();
  }

  write(chunk: Buffer): boolean {
    return this.#target.write(chunk);
  }

  async drained(): Promise<void> {
    const target = this.#target;
    if (this.isGone) throw new ClientGone();
    const left = new AbortController();
    const close = () => left.abort();
    target.once('close', close);
    try {
      await once(target, 'drain', { signal: left.signal });
    } catch {
      throw new ClientGone();
    } finally {
      target.off('close', close);
    }
  }

  end(): Promise<void> {
    const target = this.#target;
    if (this.#framed.end.kind === 'chunked')
      target.addTrailers(trailersOf(this.#response).map(([name, value]): [string, string] => [name, value]));
    target.end();
    return this.#finished();
  }

  #finished(): Promise<void> {
    const target = this.#target;
    if (target.writableFinished) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      // Behind every response comes a close, too.
      const close = () => reject(new ClientGone());
      target.once('close', close).once('finish', () => {
        target.off('close', close);
        resolve();
      });
    });
  }
}

/** Node garbles a Content-Disposition beyond ASCII that comes after Content-Length; the other way round it does not. */
function ordered(headers: FramedResponse['headers']): FramedResponse['headers'] {
  if (!headers.some(isGarbled)) return headers;
  const isLength = ([name]: readonly [string, string]) => name.toLowerCase() === 'content-length';
  return [...headers.filter((pair) => !isLength(pair)), ...headers.filter(isLength)];
}

const GARBLED = 'content-disposition';

function isGarbled([name, value]: HeaderPair): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return name.length === GARBLED.length && name.toLowerCase() === GARBLED && /[^\x00-\x7f]/.test(value);
}

function flat(headers: readonly HeaderPair[]): string[] {
  const list: string[] = [];
  for (const pair of headers) list.push(pair[0], pair[1]);
  return list;
}
