import { asksForWebSocket, type Flow, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import { nextOf, type Reuse } from './reuse';
import { askedForWebSocket } from './web-socket/handshake';

/** The recorded flows that a request may get. */
export interface Candidates {
  /** In recorded order. Under `reuse: 'never'` those that are used are not among them. */
  readonly entries: readonly RecordedFlow[];
  /** The one whose turn it is by the policy of reuse. */
  readonly next: RecordedFlow | undefined;
  readonly reuse: Reuse;
  /** How often the flow's session has used an entry. */
  uses(entry: RecordedFlow): number;
}

/** The choice of ServerReplay: the entry whose turn it is. */
export function defaultMatch(_flow: Flow, candidates: Candidates): RecordedFlow | null {
  return candidates.next ?? null;
}

/** The candidates of one request, found out as far as anyone asks: among equal requests there can be thousands. */
export class Offer implements Candidates {
  #refused: Set<RecordedFlow> | undefined;
  #next: { readonly is: RecordedFlow | undefined } | undefined;

  /** `spent` entries at the start of `matching` are known to be used. */
  constructor(
    /** All that match, used or not. */
    readonly matching: readonly RecordedFlow[],
    private readonly request: HttpRequest,
    readonly reuse: Reuse,
    readonly uses: (entry: RecordedFlow) => number,
    private readonly spent: number,
  ) {}

  get entries(): readonly RecordedFlow[] {
    return this.matching.filter((entry) => this.#isOpen(entry));
  }

  get next(): RecordedFlow | undefined {
    this.#next ??= { is: this.#findNext() };
    return this.#next.is;
  }

  has(entry: RecordedFlow): boolean {
    return entry === this.#next?.is || (this.#isOpen(entry) && this.matching.includes(entry));
  }

  /** Takes an entry out: another request was faster. */
  refuse(entry: RecordedFlow): void {
    (this.#refused ??= new Set()).add(entry);
    this.#next = undefined;
  }

  #findNext(): RecordedFlow | undefined {
    const isOpen = (entry: RecordedFlow) => this.#isOpen(entry);
    return nextOf(this.matching, this.reuse, { isOpen, uses: this.uses, spent: this.spent });
  }

  #isOpen(entry: RecordedFlow): boolean {
    return !this.isUsed(entry) && whyNot(entry, this.request) === undefined;
  }

  /** Whether an entry has answered, and does not answer again. */
  isUsed(entry: RecordedFlow): boolean {
    return this.#refused?.has(entry) === true || (this.reuse === 'never' && this.uses(entry) > 0);
  }
}

/**
 * Why an entry that matches cannot answer this request; undefined if it can. Who asks for a WebSocket gets what was said to one who did, and
 * nobody else. A 304 says nothing to a client without a copy, a 206
 * little to one that asked for another part (RFC 9110 §15.4.5, §15.3.7).
 */
export function whyNot(entry: RecordedFlow, request: HttpRequest): string | undefined {
  if (asksForWebSocket(request) !== askedForWebSocket(entry))
    return askedForWebSocket(entry)
      ? 'a recorded WebSocket answers WebSocket handshakes only'
      : 'a WebSocket handshake gets a recorded WebSocket only';
  const status = entry.response?.status;
  if (status === 304) {
    const isConditional = request.headers.has('if-none-match') || request.headers.has('if-modified-since');
    return isConditional ? undefined : 'a recorded 304 answers conditional requests only';
  }
  if (status === 206 && request.headers.folded('range') !== entry.request.headers.folded('range')) {
    return 'a recorded 206 answers requests for the same Range only';
  }
  return undefined;
}
