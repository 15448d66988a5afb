import {
  Body,
  type BodyChunks,
  type BodySpool,
  type Flow,
  type HttpResponse,
  isGrpc,
  type RecordedFlow,
  streamsByNature,
} from 'replay-proxy';
import { TakenMessages } from './taken-messages';

/** Of a stream of more parts the times are not kept: it is replayed event by event. */
const MOST_CHUNKS = 1_000_000;

/** The least that tells two times apart, in milliseconds; recordings know microseconds. */
const A_MOMENT = 0.01;

/** How much of a body is kept, in bytes, and what the time is. */
export interface TakeOptions {
  /** Makes a place for what passes. */
  readonly spool: () => BodySpool;
  /** At all: a longer body is recorded as not stored. */
  readonly longest: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** One flow while it is being recorded: what has passed of its request and of its response. */
export class Take {
  readonly flow: Flow;
  /** True once it has been handed to the recording, or refused by it. */
  isTaken = false;
  /** What is said on its WebSocket, if it has opened one. */
  messages: TakenMessages | undefined;

  readonly #options: TakeOptions;
  readonly #request: Passing;
  #received: HttpResponse | undefined;
  #response: Passing | undefined;
  /** The response began before the request's end. */
  #isAnsweredEarly = false;

  constructor(flow: Flow, options: TakeOptions) {
    this.flow = flow;
    this.#options = options;
    this.#request = new Passing(flow.request.body, options);
  }

  /** Upstream's response has come, its body whole or about to stream by. */
  receive(response: HttpResponse): void {
    this.#received = response;
    this.#isAnsweredEarly = this.#request.state === 'passing';
    const { startedAt } = response;
    this.#response = new Passing(
      response.body,
      this.#options,
      this.flow.isStreamed('response') ? startedAt : undefined,
    );
    if (this.flow.webSocket) this.messages = new TakenMessages(this.#options);
  }

  /** True when all that is to be recorded of both bodies is there, and no WebSocket goes on. */
  get isWhole(): boolean {
    if (this.messages) return false;
    return this.#request.isOver && this.#response?.isOver === true;
  }

  /** The exchange as it stands, `number` in the recording `source`. */
  recorded(source: string, number: number): RecordedFlow {
    const { request, session, error } = this.flow;
    const kept = request.clone();
    kept.body = this.#request.body;
    kept.trailers = request.trailers;
    kept.endedAt ??= this.#request.endedAt;
    const response = this.#responseSoFar();
    // Which of the two came first must be seen where both were in one millisecond, too.
    if (this.#isAnsweredEarly && response && (kept.endedAt ?? Infinity) <= response.startedAt)
      kept.endedAt = response.startedAt + A_MOMENT;
    const cut = this.#response !== undefined && !this.#response.isOver;
    // Who leaves a stream without end has seen all that there was.
    const left = cut && this.flow.signal.aborted && streamsByNature(this.#received!.headers);
    const chunks = this.#response?.chunks;
    const lacksRequest = this.#request.state !== 'whole' && !this.#isCallBegun;
    const lacksResponse = this.#response?.state === 'too long';
    // Filled member by member, since spreading takes several times as long.
    const recorded: { -readonly [Key in keyof RecordedFlow]: RecordedFlow[Key] } = {
      source,
      number,
      request: kept,
    };
    if (response) recorded.response = response;
    if (error || cut) recorded.error = error?.message ?? 'the response was cut short';
    if (lacksRequest || lacksResponse)
      recorded.unstored = {
        ...(lacksRequest && { request: true }),
        ...(lacksResponse && { response: true }),
      };
    if (this.messages) recorded.webSocket = this.messages.messages();
    if (this.messages?.close) recorded.webSocketClose = this.messages.close;
    if (cut || this.messages?.isCut) recorded.incomplete = true;
    if (left) recorded.left = left;
    if (chunks) recorded.chunks = chunks;
    if (session) recorded.session = session;
    return recorded;
  }

  /** Of a gRPC call the first message is enough to match it. */
  get #isCallBegun(): boolean {
    const { state, body } = this.#request;
    return isGrpc(this.flow.request.headers) && state !== 'too long' && body.length !== 0;
  }

  /** Lets go of what was put aside. */
  discard(): void {
    this.#request.discard();
    this.#response?.discard();
    this.messages?.discard();
  }

  #responseSoFar(): HttpResponse | undefined {
    if (!this.#received || !this.#response) return undefined;
    const response = this.#received.clone();
    response.body = this.#response.body;
    response.endedAt ??= this.#response.endedAt ?? this.messages?.close?.time;
    return response;
  }
}

/** A body, copied while it passes if it is a stream. */
class Passing {
  /** One that is too long passes all the same, uncopied. */
  state: 'whole' | 'passing' | 'cut' | 'too long' = 'whole';
  /** When a stream's last byte had passed, or it broke off. */
  endedAt: number | undefined;
  readonly #body: Body;
  readonly #spool: BodySpool | undefined;
  readonly #chunks: { at: number[]; lengths: number[] } = { at: [], lengths: [] };

  /** From the moment `begunAt` on, epoch milliseconds, the times of its chunks are kept; undefined: they are not. */
  constructor(body: Body, { spool: place, longest, now }: TakeOptions, begunAt?: number) {
    this.#body = body;
    if (body.kind !== 'stream') {
      if ((body.length ?? 0) > longest) this.state = 'too long';
      return;
    }
    const spool = (this.#spool = place());
    this.state = 'passing';
    body.watch({
      chunk: (bytes) => {
        if (this.state !== 'passing') return;
        if (begunAt !== undefined && this.#chunks.at.length <= MOST_CHUNKS) {
          this.#chunks.at.push(Math.max(0, now() - begunAt));
          this.#chunks.lengths.push(bytes.length);
        }
        if (spool.size + bytes.length <= longest) return spool.write(bytes);
        this.state = 'too long';
        spool.discard();
      },
      end: (error) => {
        this.endedAt = now();
        if (error) this.state = 'cut';
        else if (this.state === 'passing') this.state = 'whole';
      },
    });
  }

  /** It has come to its end, or no more of it is wanted. */
  get isOver(): boolean {
    return this.state === 'whole' || this.state === 'too long';
  }

  get body(): Body {
    if (this.state === 'too long') return Body.empty;
    return this.#spool ? this.#spool.body() : this.#body;
  }

  /** How a stream's parts came. */
  get chunks(): BodyChunks | undefined {
    const { length } = this.#chunks.at;
    return this.state === 'too long' || length === 0 || length > MOST_CHUNKS ? undefined : this.#chunks;
  }

  discard(): void {
    this.#spool?.discard();
  }
}
