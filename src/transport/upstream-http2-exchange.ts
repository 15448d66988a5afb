import { type ClientHttp2Stream, constants } from 'node:http2';
import { UpstreamError } from '../errors';
import { HttpHeaders } from '../http/headers';
import type { HttpResponse } from '../http/response';
import { streamsByNature } from '../http/streams';
import { ArrivingResponse } from './arriving-response';
import type { ExchangeOptions } from './upstream-exchange';
import { Permission } from './permission';
import { writeHttp2Body } from './upstream-http2-body';
import { http2Error } from './upstream-http2-errors';
import type { OutgoingRequest } from './upstream-request';

/** What an exchange asks of the HTTP/2 connection that it runs on. */
export interface Http2Carrier {
  /** The connection has ended, and why, if that is known. */
  readonly isGone: boolean;
  readonly failure: Error | undefined;
  /** The other side has said that it did not begin with this stream (RFC 9113 §6.8). */
  disowns(stream: number | undefined): boolean;
  /** The exchange is over; `silent` when nothing came, so that the connection itself may be dead. */
  release(silent: boolean): void;
}

const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_HTTP_1_1_REQUIRED } = constants;
/** Errors that say that nothing was done (RFC 9113 §7). */
const UNDONE = new Set<number>([constants.NGHTTP2_REFUSED_STREAM, NGHTTP2_HTTP_1_1_REQUIRED]);

/** One request and its response on one stream of HTTP/2. */
export class Http2Exchange {
  /** The response's head, its body still coming. Rejects with an UpstreamError. */
  readonly response: Promise<HttpResponse>;
  readonly isUnsent = false;
  readonly #stream: ClientHttp2Stream;
  readonly #request: OutgoingRequest;
  readonly #options: ExchangeOptions;
  readonly #carrier: Http2Carrier;
  readonly #arriving: ArrivingResponse;
  readonly #permission = new Permission();
  /** END_STREAM has come: what is there is all there is. */
  #isWhole = false;
  #isSilent = false;
  #isRefused = false;
  #isUnanswered = false;
  #cause: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    stream: ClientHttp2Stream,
    request: OutgoingRequest,
    carrier: Http2Carrier,
    options: ExchangeOptions,
  ) {
    this.#stream = stream;
    this.#request = request;
    this.#carrier = carrier;
    this.#options = options;
    this.#arriving = new ArrivingResponse(options);
    this.response = this.#arriving.response;
    this.#listen(stream);
    options.signal.addEventListener('abort', this.#abort, { once: true });
    if (options.signal.aborted) this.#abort();
    else this.#write();
  }

  /** The other side closed the connection without one byte of a response. */
  get isUnanswered(): boolean {
    return this.#isUnanswered;
  }

  /** The other side has said that it did nothing with the request, and all of that can be sent again (RFC 9113 §8.7). */
  get isRefused(): boolean {
    const { body } = this.#request;
    return this.#isRefused && (body === null || Buffer.isBuffer(body));
  }

  get needsHttp1(): boolean {
    return this.#isRefused && this.#stream.rstCode === NGHTTP2_HTTP_1_1_REQUIRED;
  }

  /** Resets the stream; what has not arrived is missing. */
  giveUp(sentence: string, status: 502 | 504 = 502): void {
    this.#fail(new UpstreamError(`${this.#options.where} ${sentence}`, { status }));
  }

  readonly #abort = () => this.giveUp('was left, because the client has gone');

  #fail(cause: Error): void {
    this.#cause ??= cause;
    this.#stream.close(NGHTTP2_CANCEL);
    // The reset may have nobody left to go to: Node does not tell when it has given a connection up.
    this.#stream.destroy();
  }

  #listen(stream: ClientHttp2Stream): void {
    // Node ends a stream alike for END_STREAM and for a reset with NO_ERROR; but in the second case it has closed it before.
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null && !stream.closed) this.#ended();
      return push(chunk, encoding);
    };
    stream
      .on('headers', (_headers, _flags, raw?: string[]) => this.#informed(raw ?? []))
      .on('response', (_headers, flags, raw?: string[]) => this.#started(raw ?? [], flags))
      .on('trailers', (_headers, _flags, raw: string[] = []) => {
        if (!this.#fits(raw)) return;
        for (const [name, value] of HttpHeaders.fromRaw(raw))
          this.#arriving.head?.trailers.append(name, value);
      })
      .on('data', (chunk: Buffer) => this.#arriving.push(chunk))
      .on('end', () => this.#isWhole && this.#finish())
      .on('error', (error) => (this.#cause ??= error))
      .on('close', () => this.#closed());
  }

  #write(): void {
    writeHttp2Body(this.#stream, this.#request, this.#permission, (waits) => this.#watch(waits)).catch(
      (error: Error) => this.#fail(error),
    );
  }

  /** Runs the clock while upstream is to do something: take more of the request, or answer it. */
  #watch(waits: boolean): void {
    clearTimeout(this.#timer);
    const { upstreamResponse } = this.#options.limits;
    if (
      !waits ||
      this.#arriving.head ||
      this.#cause ||
      streamsByNature(new HttpHeaders(this.#request.headers))
    )
      return;
    const late = () => this.#silent(`sent no response within ${upstreamResponse / 1000} s`);
    this.#timer = setTimeout(late, upstreamResponse);
  }

  #silent(sentence: string): void {
    this.#isSilent = true;
    this.giveUp(sentence, 504);
  }

  /** The limit that was announced binds only those who have acknowledged it. */
  #fits(raw: readonly string[]): boolean {
    const { headerBlock } = this.#options.limits;
    if (raw.reduce((size, text) => size + text.length + 16, 0) <= headerBlock) return true;
    this.giveUp(`sent a header block of more than ${headerBlock} bytes`);
    return false;
  }

  #informed(raw: readonly string[]): void {
    if (!this.#fits(raw)) return;
    const { status, headers } = headOf(raw);
    if (status === 100) this.#permission.give();
    const problem = this.#arriving.inform(status, headers);
    if (problem !== undefined) this.giveUp(problem);
  }

  #started(raw: readonly string[], flags: number): void {
    if (!this.#fits(raw)) return;
    clearTimeout(this.#timer);
    this.#permission.refuse();
    const { status, headers } = headOf(raw);
    const stream = this.#stream;
    this.#arriving.begin(
      { status, reason: '', httpVersion: '2.0', headers },
      {
        // Of what has ended the rest is here already, and would be lost with the connection.
        pause: () => !this.#isWhole && stream.pause(),
        resume: () => stream.resume(),
        leave: (sentence) => this.giveUp(sentence),
        silent: (sentence) => this.#silent(sentence),
      },
    );
    if ((flags & NGHTTP2_FLAG_END_STREAM) !== 0) this.#ended();
  }

  #ended(): void {
    this.#isWhole = true;
    this.#stream.resume();
  }

  #finish(): void {
    const { head, progress } = this.#arriving;
    const { expected, received } = progress;
    const hasContent = this.#request.method !== 'HEAD' && head?.status !== 304;
    if (!head || (hasContent && expected !== undefined && expected !== received)) return;
    this.#arriving.end();
    // Of a request that was answered before its end the rest is of no use.
    if (!this.#stream.writableFinished) this.#stream.close(NGHTTP2_NO_ERROR);
  }

  #closed(): void {
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#abort);
    if (!this.#arriving.isWhole) {
      const { head, isBegun, progress } = this.#arriving;
      const { rstCode = NGHTTP2_NO_ERROR, id } = this.#stream;
      this.#isRefused = (!head && UNDONE.has(rstCode)) || this.#carrier.disowns(id);
      this.#isUnanswered = !isBegun && this.#carrier.isGone && !(this.#cause instanceof UpstreamError);
      const error = http2Error(
        this.#cause instanceof UpstreamError ? this.#cause : (this.#carrier.failure ?? this.#cause),
        { ...this.#options, progress, rstCode, isGone: this.#carrier.isGone },
      );
      this.#arriving.fail(error);
    }
    this.#carrier.release(this.#isSilent);
  }
}

function headOf(raw: readonly string[]): { status: number; headers: HttpHeaders } {
  const at = raw.indexOf(':status');
  return {
    status: Number(raw[at + 1]),
    headers: HttpHeaders.fromRaw(raw.filter((_, i) => i !== at && i !== at + 1)),
  };
}
