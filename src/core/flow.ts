import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Miss } from '../miss/miss';
import type { RecordedFlow } from '../recording/recorded-flow';
import type { FlowWebSocket } from './web-socket';

/** How an exchange ended. */
export type Outcome =
  | /** answered from a recording */ 'replayed'
    /** answered by an addon */
  | 'answered'
  /** answered by upstream */
  | 'forwarded'
  /** ended on purpose without a response */
  | 'killed'
  /** an addon, upstream or the proxy itself went wrong */
  | 'failed'
  /** the client left before the end */
  | 'aborted';

/** Who asks. */
export interface ClientInfo {
  readonly address: string;
  readonly port: number;
}

/** What a flow is made of. */
export interface FlowInit {
  id: string;
  request: HttpRequest;
  client: ClientInfo;
  /** A function is called when it is asked for. */
  signal: AbortSignal | (() => AbortSignal);
  startedAt: number;
  session?: string;
}

/** One exchange, from its request's head to its end. Addons edit the messages, add notes and say why a recording did not answer; the core writes the rest. */
export class Flow {
  /** Unique within the proxy's run. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly client: ClientInfo;
  /** Whose share of the recordings is used; empty for the default session. */
  readonly session: string;
  /** As the client sent it. What upstream sees is the copy that the `forward` hook gets. */
  readonly request: HttpRequest;
  /** Remarks of addons, for logs and views. */
  readonly notes: string[] = [];
  /** The answer, once there is one. */
  response?: HttpResponse;
  /** The WebSocket that the client is to get or has got; undefined for other exchanges, and before upstream or an addon has agreed. */
  webSocket?: FlowWebSocket;
  /** The recorded exchange that the answer was taken from. */
  recorded?: RecordedFlow;
  /** Undefined until the end. */
  outcome?: Outcome;
  /** The addon whose verdict was carried out; undefined when none had one. */
  decidedBy?: string;
  /** Epoch milliseconds when the request began to leave for upstream; undefined if it never did. */
  contactedAt?: number;
  /** What went wrong, or why it was killed. */
  error?: Error;
  /** Epoch milliseconds when the response's head went to the client; undefined before, and if it never did. */
  headSentAt?: number;
  /** Epoch milliseconds of the end; undefined before. */
  endedAt?: number;

  readonly #signal: FlowInit['signal'];
  #keepsRequest = false;
  readonly #streamed = { request: false, response: false };
  readonly #beforeEnd: (() => Promise<void> | void)[] = [];
  #miss: Miss | (() => Miss) | undefined;

  constructor(init: FlowInit) {
    this.id = init.id;
    this.request = init.request;
    this.client = init.client;
    this.startedAt = init.startedAt;
    this.session = init.session ?? '';
    this.#signal = init.signal;
  }

  /** Aborts when the client leaves. */
  get signal(): AbortSignal {
    return typeof this.#signal === 'function' ? this.#signal() : this.#signal;
  }

  /**
   * Lets a body pass without being held: `request` from the `requestHeaders` hook, `response` from `responseHeaders`.
   * It then passes once, as a stream, and later hooks see it at head time.
   */
  stream(which: 'request' | 'response'): void {
    this.#streamed[which] = true;
  }

  /** Whether `stream()` was asked for. */
  isStreamed(which: 'request' | 'response'): boolean {
    return this.#streamed[which];
  }

  /**
   * Asks, in the `requestHeaders` hook, for all of the request's body, however long it is: past the limit in a file. Otherwise a longer one
   * passes as a stream.
   */
  keepRequest(): void {
    this.#keepsRequest = true;
  }

  /** Whether `keepRequest()` was called. */
  get keepsRequest(): boolean {
    return this.#keepsRequest;
  }

  /** Lets `explain` say why no recording answers; it is called when somebody asks for `miss`, once. */
  explainMiss(explain: () => Miss): void {
    this.#miss = explain;
  }

  /** True when a recording was asked and did not answer; says so without finding out why. */
  get isMissed(): boolean {
    return this.#miss !== undefined;
  }

  /** Why no recording answers; undefined when one does, or none was asked. */
  get miss(): Miss | undefined {
    if (typeof this.#miss === 'function') this.#miss = this.#miss();
    return this.#miss;
  }

  /** Holds the end of the response, or the kill, back until `task` has settled. If it rejects, the response is cut short. */
  beforeEnd(task: () => Promise<void> | void): void {
    this.#beforeEnd.push(task);
  }

  /** Runs what `beforeEnd` was given, in order, each once. */
  async settle(): Promise<void> {
    for (let task = this.#beforeEnd.shift(); task; task = this.#beforeEnd.shift()) await task();
  }

  /** True when the end has to wait for somebody. */
  get holdsEnd(): boolean {
    return this.#beforeEnd.length > 0;
  }
}
