import type { InterimResponse } from '../core/ends';
import type { UpstreamError } from '../errors';
import { Body } from '../http/body';
import type { HttpHeaders } from '../http/headers';
import { HttpResponse } from '../http/response';
import { streamsByNature } from '../http/streams';
import { BodyQueue } from './upstream-body';
import { type Progress, standing } from './upstream-errors';

/** Interim responses to one request. */
const MOST_INTERIM = 100;

/** What a response is told to its reader with. */
export interface ArrivingOptions {
  /** Milliseconds for the next part of its body. */
  readonly limits: { readonly upstreamResponse: number };
  readonly now: () => number;
  readonly inform: (interim: InterimResponse) => void;
}

/** Where the body of a response comes from. */
export interface ArrivingSource {
  pause(): void;
  resume(): void;
  /** Nobody reads on; the sentence goes behind the name of the server. */
  leave(sentence: string): void;
  /** The next part has not come in time. */
  silent(sentence: string): void;
}

/** A response on its way from upstream, in whatever version of HTTP: what has come of it so far. */
export class ArrivingResponse {
  /** The head, its body still coming. Rejects with an UpstreamError. */
  readonly response: Promise<HttpResponse>;
  readonly #options: ArrivingOptions;
  #settle!: { resolve: (response: HttpResponse) => void; reject: (error: UpstreamError) => void };
  #head: HttpResponse | undefined;
  #queue: BodyQueue | undefined;
  #received = 0;
  #interim = 0;

  constructor(options: ArrivingOptions) {
    this.#options = options;
    this.response = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  /** Undefined until it has come. */
  get head(): HttpResponse | undefined {
    return this.#head;
  }

  /** Something has come, be it an interim response. */
  get isBegun(): boolean {
    return this.#head !== undefined || this.#interim > 0;
  }

  get isWhole(): boolean {
    return this.#head?.endedAt !== undefined;
  }

  get progress(): Progress {
    const length = this.#head?.headers.get('content-length');
    return {
      begun: this.#head !== undefined,
      received: this.#received,
      expected: length === undefined ? undefined : Number(length),
    };
  }

  /** Passes an interim response on, but for 100; gives what is wrong when there are too many, to go behind the name of the server. */
  inform(status: number, headers: HttpHeaders): string | undefined {
    this.#interim += 1;
    if (this.#interim > MOST_INTERIM) return `sent more than ${MOST_INTERIM} interim responses`;
    // There is no content that it could count (RFC 9110 §15.2), and a client might believe it.
    headers.delete('content-length');
    if (status !== 100) this.#options.inform({ status, headers });
    return undefined;
  }

  /** The head has come, its body is to follow from `source`; without one there is none. */
  begin(
    {
      status,
      reason,
      headers,
      httpVersion = '1.1',
    }: Pick<HttpResponse, 'status' | 'reason' | 'headers'> & { readonly httpVersion?: string },
    source?: ArrivingSource,
  ): HttpResponse {
    const body = source ? this.#bodyFrom(source, headers) : Body.empty;
    const startedAt = this.#options.now();
    this.#head = new HttpResponse({ status, reason, httpVersion, headers, body, startedAt });
    this.#settle.resolve(this.#head);
    return this.#head;
  }

  push(chunk: Buffer): void {
    this.#received += chunk.length;
    this.#queue?.push(chunk);
  }

  /** It is whole. */
  end(): void {
    if (this.#head) this.#head.endedAt ??= this.#options.now();
    this.#queue?.end();
  }

  /** There is no more of it. */
  fail(error: UpstreamError): void {
    this.#settle.reject(error);
    this.#queue?.end(error);
  }

  #bodyFrom(source: ArrivingSource, headers: HttpHeaders): Body {
    const { upstreamResponse } = this.#options.limits;
    const queue = new BodyQueue(
      {
        pause: () => source.pause(),
        resume: () => source.resume(),
        leave: () => source.leave('was left before the end of its response'),
        silent: () =>
          source.silent(`sent nothing for ${upstreamResponse / 1000} s ${standing(this.progress)}`),
      },
      streamsByNature(headers) ? 0 : upstreamResponse,
    );
    this.#queue = queue;
    return Body.stream(queue, () => queue.cancel());
  }
}
