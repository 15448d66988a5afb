import { ReplayError } from '../errors';
import { Body } from '../http/body';
import { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import { streamsByNature } from '../http/streams';
import { trailerProblem } from './request-framing';

/** A request that is still coming; Node's are. */
export interface IncomingParts {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterableIterator<unknown>;
  /** Node's flat list; whole once the iterator has come to its end. */
  readonly rawTrailers: readonly string[];
}

/** What reading a request's body depends on. */
export interface IncomingBodyOptions {
  /** Called before the first byte is asked for. */
  readonly begin: () => void;
  readonly now: () => number;
  /** Milliseconds that the next part may take, unless the body is of a kind that is silent for long. */
  readonly patience: number;
}

/**
 * The body of a request as it comes off the wire; at its end the request's trailers and `endedAt` are set. Reading it rejects
 * when the client breaks off, with status 408 when it falls silent, and with 400 for a trailer that none can be.
 */
export function incomingBody(
  incoming: IncomingParts,
  request: HttpRequest,
  { begin, now, patience }: IncomingBodyOptions,
): Body {
  return Body.stream(read());

  async function* read(): AsyncGenerator<Buffer> {
    begin();
    const limit = streamsByNature(request.headers) ? Infinity : patience;
    // Leaving early must not close the connection: the response still has to go out on it.
    const parts = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
    try {
      for (;;) {
        const part = await within(parts.next(), limit);
        if (part.done) break;
        yield part.value;
      }
    } finally {
      void parts.return?.();
    }
    const trailers = HttpHeaders.fromRaw(incoming.rawTrailers);
    const problem = trailerProblem(trailers);
    if (problem) throw new ReplayError(problem.sentence, { code: 'ERR_BAD_TRAILER', status: problem.status });
    // In place: the copy that is forwarded shares them.
    for (const [name, value] of trailers) request.trailers.append(name, value);
    request.endedAt = now();
  }
}

function within<T>(part: Promise<T>, limit: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => {
      const sentence = `the client sent nothing more of its request's body for ${limit / 1000} s`;
      reject(new ReplayError(sentence, { code: 'ERR_REQUEST_TIMEOUT', status: 408 }));
    };
    const timer = Number.isFinite(limit) ? setTimeout(expire, limit) : undefined;
    part
      .then(resolve, (error: unknown) =>
        reject(new Error('the client broke off in the middle of its request', { cause: error })),
      )
      .finally(() => clearTimeout(timer));
  });
}
