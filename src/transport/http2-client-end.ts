import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ClientInfo } from '../core/flow';
import type { HeaderPair } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { ExchangeEnd, type ExchangeEndOptions } from './exchange-end';
import { fieldsOf } from './http2-fields';
import { Http2Sink } from './http2-sink';
import { incomingBody } from './request-body';
import { type BodyEnd, frameResponse } from './response-framing';
import type { ResponseSink } from './response-writer';

/** What it needs beside the exchange's own two messages. */
export interface Http2ClientEndOptions extends ExchangeEndOptions {
  /** The request ended with its head. */
  readonly isBodiless: boolean;
  /** Called with the size of each part of the body that is read. */
  readonly read: (bytes: number) => void;
}

/** The client's end of one exchange over HTTP/2, one stream of its connection; attaches the body to the request. */
export class Http2ClientEnd extends ExchangeEnd {
  readonly #stream: ServerHttp2Stream;

  constructor(
    stream: ServerHttp2Stream,
    request: HttpRequest,
    info: ClientInfo,
    options: Http2ClientEndOptions,
  ) {
    super(request, info, options);
    this.#stream = stream;
    stream.once('close', () => this.left());
    if (options.isBodiless) {
      request.endedAt = options.now();
      return;
    }
    let rawTrailers: readonly string[] = [];
    stream.once('trailers', (_fields: unknown, _flags: number, raw: string[]) => (rawTrailers = raw));
    const incoming = {
      iterator: () => parts(stream, options.read),
      get rawTrailers() {
        return rawTrailers;
      },
    };
    request.body = incomingBody(incoming, request, {
      begin: () => this.askForBody(),
      now: options.now,
      patience: options.limits.requestBody,
    });
  }

  protected override delivered(): void {
    // Whoever still sends a body that nobody reads may stop (RFC 9113 §8.1), once our own last frames are on their way.
    if (this.request.endedAt === undefined) setImmediate(() => setImmediate(() => this.#stream.close()));
  }

  kill(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  protected get isHeadSent(): boolean {
    return this.#stream.headersSent;
  }

  protected frame(response: HttpResponse): { end: BodyEnd; sink: ResponseSink } {
    const { method, httpVersion } = this.request;
    const framed = frameResponse(response, { method, httpVersion, keepAlive: true });
    return { end: framed.end, sink: new Http2Sink(this.#stream, response, framed) };
  }

  protected sendInterim(status: number, headers: readonly HeaderPair[]): void {
    if (this.#stream.destroyed || this.#stream.closed) return;
    this.#stream.additionalHeaders({ ':status': status, ...fieldsOf(headers) });
  }
}

/** What comes on a stream. To Node a stream that the client has cancelled ends like any other. */
async function* parts(stream: ServerHttp2Stream, read: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const part of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    read(part.length);
    yield part;
  }
  if (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR)
    throw new Error('the stream was reset in the middle of the request');
}
