import type { ServerHttp2Stream } from 'node:http2';
import type { HttpResponse } from '../http/response';
import { streamsByNature } from '../http/streams';
import { fieldsOf } from './http2-fields';
import { type FramedResponse, trailersOf } from './response-framing';
import { ClientGone, type ResponseSink } from './response-writer';

/** Writes a response to a stream of HTTP/2. */
export class Http2Sink implements ResponseSink {
  readonly #stream: ServerHttp2Stream;
  readonly #response: HttpResponse;
  readonly #framed: FramedResponse;
  /** The parts of its body mean something as they come: each has DATA frames of its own. */
  readonly #isByParts: boolean;
  #leaving: Promise<void> | undefined;
  /** Settles when the trailers have been handed over, too. */
  #trailed: Promise<void> | undefined;
  #ended: Promise<unknown> | undefined;

  constructor(stream: ServerHttp2Stream, response: HttpResponse, framed: FramedResponse) {
    this.#stream = stream;
    this.#response = response;
    this.#framed = framed;
    this.#isByParts = streamsByNature(response.headers);
  }

  get isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }

  get isHeadSent(): boolean {
    return this.#stream.headersSent;
  }

  writeHead(): void {
    this.#respond({ waitForTrailers: true });
    this.#trailed = new Promise((resolve) => {
      this.#stream.once('close', resolve).once('wantTrailers', () => {
        if (!this.isGone) this.#stream.sendTrailers(fieldsOf(trailersOf(this.#response)));
        resolve();
      });
    });
  }

  writeHeadOnly(): void {
    const { end } = this.#framed;
    if (end.kind !== 'none' && trailersOf(this.#response).length > 0) return this.writeHead();
    // Node ends the stream of a HEAD request on its own, long before.
    this.#ended = this.#stream.writableFinished ? Promise.resolve() : this.#comes('finish');
    this.#respond({ endStream: true });
  }

  async writeWhole(body: Buffer): Promise<void> {
    if (this.#response.trailers.size > 0) this.writeHead();
    else this.#respond({});
    this.#stream.end(body);
    await this.#finished();
    await this.#trailed;
  }

  write(chunk: Buffer): boolean {
    if (!this.#isByParts) return this.#stream.write(chunk);
    // What waits together is sent together: each part has to leave before the next comes.
    this.#leaving = new Promise((resolve) => this.#stream.write(chunk, () => resolve()));
    return false;
  }

  async drained(): Promise<void> {
    if (!this.#leaving && !(await this.#comes('drain'))) throw new ClientGone();
    await this.#leaving;
    if (this.isGone) throw new ClientGone();
  }

  async end(): Promise<void> {
    const stream = this.#stream;
    if (this.#ended) {
      await this.#ended;
      return;
    }
    stream.end();
    await this.#finished();
    await this.#trailed;
  }

  async #finished(): Promise<void> {
    if (!this.#stream.writableFinished && !(await this.#comes('finish'))) throw new ClientGone();
  }

  #respond(options: { waitForTrailers?: boolean; endStream?: boolean }): void {
    const { status, headers } = this.#framed;
    // Node would add a Date of its own.
    const settings = { ...options, sendDate: false };
    this.#stream.respond({ ':status': status, ...fieldsOf(headers) }, settings);
  }

  /** False when the stream closes before the event comes. */
  #comes(event: 'drain' | 'finish'): Promise<boolean> {
    const stream = this.#stream;
    if (this.isGone) return Promise.resolve(false);
    return new Promise((resolve) => {
      const happened = () => finish(true);
      const closed = () => finish(false);
      const finish = (came: boolean) => {
        stream.off(event, happened).off('close', closed);
        resolve(came);
      };
      stream.once(event, happened).once('close', closed);
    });
  }
}
