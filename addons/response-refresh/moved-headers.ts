import type { HttpHeaders, RecordedFlow } from 'replay-proxy';

interface Moved {
  readonly from: HttpHeaders;
  /** Milliseconds, whole seconds. */
  readonly delta: number;
  readonly to: HttpHeaders;
}

/** The headers of recorded responses, moved in time: made once for each second in which they are asked for. */
export class MovedHeaders {
  readonly #latest = new WeakMap<RecordedFlow, Moved>();

  /** `headers`, those of a copy of the recorded response, as `move` changes them by `delta`. */
  of(
    recorded: RecordedFlow,
    headers: HttpHeaders,
    delta: number,
    move: (headers: HttpHeaders) => void,
  ): HttpHeaders {
    let moved = this.#latest.get(recorded);
    if (moved?.delta !== delta || !headers.isCopyOf(moved.from)) {
      const to = headers.clone();
      move(to);
      this.#latest.set(recorded, (moved = { from: headers.clone(), delta, to }));
    }
    return moved.to.clone();
  }
}
