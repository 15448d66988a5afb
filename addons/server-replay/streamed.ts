import {
  Body,
  fitChunks,
  type Flow,
  type HttpResponse,
  type RecordedFlow,
  streamsByNature,
} from 'replay-proxy';

/** How fast a stream is sent, and for whom. */
interface Pace {
  /** 0 without gaps, 1 with the recorded ones, 2 twice as fast. */
  readonly speed: number;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * The response, its body sent as it was recorded: part by part, each part in one piece. What was recorded without times is cut at its events.
 * A stream that its client left has no end: it stays open until this client leaves, too. Undefined for what was no stream. `speed` is 0 for
 * no gaps, 1 for the recorded ones, 2 for twice as fast.
 */
export function streamed(
  response: HttpResponse,
  recorded: RecordedFlow,
  flow: Pick<Flow, 'request' | 'signal'>,
  speed: number,
): HttpResponse | undefined {
  const isStream = streamsByNature(response.headers);
  const { body, status } = response;
  if ((!isStream && !recorded.chunks) || body.kind === 'stream') return undefined;
  if (flow.request.method === 'HEAD' || status === 204 || status === 304) return undefined;
  const isEndless = isStream && recorded.left === true;
  if (body.length === 0 && !isEndless) return undefined;
  const { at, lengths } = fitChunks(recorded.chunks, response);
  const result = response.clone();
  const pace = { speed, signal: flow.signal };
  result.body = Body.stream(paced(body.cut(lengths), at, isEndless, pace));
  if (isEndless) result.headers.delete('content-length');
  else if (result.headers.has('content-length')) result.headers.set('content-length', String(body.length));
  return result;
}

async function* paced(
  pieces: Iterable<Buffer>,
  at: readonly number[],
  isEndless: boolean,
  { speed, signal }: Pace,
): AsyncGenerator<Buffer> {
  const start = performance.now();
  let i = 0;
  for (const piece of pieces) {
    const wait = speed > 0 ? start + (at[i] ?? 0) / speed - performance.now() : 0;
    if (wait > 0) await pause(wait, signal);
    yield piece;
    i += 1;
  }
  if (isEndless) await pause(undefined, signal);
}

/** Rejects as soon as the signal aborts, and leaves no timer behind; without a time it waits for that. */
function pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer =
      milliseconds === undefined
        ? undefined
        : setTimeout(
            () => {
              signal.removeEventListener('abort', leave);
              resolve();
            },
            Math.min(milliseconds, LONGEST_WAIT),
          );
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
