import { type Body, BodySpool, type Flow, type HttpResponse, type RecordedFlow } from 'replay-proxy';

/** One flow while it is being recorded: what has passed of its request and of its response. */
export class Take {
  readonly flow: Flow;
  /** True once it has been handed to the recording, or refused by it. */
  isTaken = false;

  readonly #heldBody: number;
  readonly #request: Passing;
  #received: HttpResponse | undefined;
  #response: Passing | undefined;

  constructor(flow: Flow, heldBody: number) {
    this.flow = flow;
    this.#heldBody = heldBody;
    this.#request = new Passing(flow.request.body, heldBody);
  }

  /** Upstream's response has come, its body whole or about to stream by. */
  receive(response: HttpResponse): void {
    this.#received = response;
    this.#response = new Passing(response.body, this.#heldBody);
  }

  /** True when both bodies are there to their ends. */
  get isWhole(): boolean {
    return this.#request.state === 'whole' && this.#response?.state === 'whole';
  }

  /** The exchange as it stands, `number` in the recording `source`. */
  recorded(source: string, number: number): RecordedFlow {
    const { request, session, error } = this.flow;
    const kept = request.clone();
    kept.body = this.#request.body;
    kept.trailers = request.trailers;
    const response = this.#responseSoFar();
    const cut = this.#response !== undefined && this.#response.state !== 'whole';
    return {
      source,
      number,
      request: kept,
      ...(response ? { response } : {}),
      ...(error || cut ? { error: error?.message ?? 'the response was cut short' } : {}),
      ...(this.#request.state === 'whole' ? {} : { unstored: { request: true } }),
      ...(cut ? { incomplete: true } : {}),
      ...(session ? { session } : {}),
    };
  }

  /** Lets go of what was put aside. */
  discard(): void {
    this.#request.discard();
    this.#response?.discard();
  }

  #responseSoFar(): HttpResponse | undefined {
    if (!this.#received || !this.#response) return undefined;
    const response = this.#received.clone();
    response.body = this.#response.body;
    return response;
  }
}

/** A body, copied while it passes if it is a stream. */
class Passing {
  state: 'whole' | 'passing' | 'cut' = 'whole';
  readonly #body: Body;
  readonly #spool: BodySpool | undefined;

  constructor(body: Body, heldBody: number) {
    this.#body = body;
    if (body.kind !== 'stream') return;
    const spool = (this.#spool = new BodySpool(heldBody));
    this.state = 'passing';
    body.watch({
      chunk: (bytes) => spool.write(bytes),
      end: (error) => (this.state = error ? 'cut' : 'whole'),
    });
  }

  get body(): Body {
    return this.#spool ? this.#spool.body() : this.#body;
  }

  discard(): void {
    this.#spool?.discard();
  }
}
