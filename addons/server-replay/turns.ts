import {
  AddonError,
  type Awaitable,
  type Flow,
  type HttpRequest,
  type Miss,
  type RecordedFlow,
} from 'replay-proxy';
import { Offer } from './candidates';
import type { Consumption } from './consumption';
import { NAME, type ServerReplayHooks, whoDeclined } from './hooks';
import { explainMiss } from './miss/explain'; // late
import type { Replayable } from './replayable';
import { sourceName } from './sources';

/** What entries are given out from at the moment. */
export interface Stock {
  readonly replayable: Replayable;
  /** Undefined before the addon is applied. */
  readonly hooks: ServerReplayHooks | undefined;
}

/** Gives recorded entries to requests, each when it is its turn, and says why there is none. */
export class Turns {
  readonly #consumption: Consumption;
  readonly #stock: () => Stock;
  readonly #taken = new WeakMap<Flow, RecordedFlow>();

  constructor(consumption: Consumption, stock: () => Stock) {
    this.#consumption = consumption;
    this.#stock = stock;
  }

  /**
   * The entry that is to answer, which then counts as used; undefined, and the flow's `miss` is set, when none is. It comes at once unless
   * the claims are asked for elsewhere.
   * @throws AddonError for a `match` tap that chose what is no candidate.
   */
  take(flow: Flow): Awaitable<RecordedFlow | undefined> {
    return this.#next(flow, this.#offer(flow.request, flow.session));
  }

  #next(flow: Flow, offer: Offer): Awaitable<RecordedFlow | undefined> {
    for (let entry = this.#choose(flow, offer); entry; entry = this.#choose(flow, offer)) {
      const isTaken = this.#consumption.tryTake(flow.session, entry, offer.reuse);
      if (typeof isTaken !== 'boolean') return this.#settle(isTaken, entry, flow, offer);
      if (isTaken) return this.#give(flow, entry);
      offer.refuse(entry);
    }
    return undefined;
  }

  async #settle(
    isTaken: Promise<boolean>,
    entry: RecordedFlow,
    flow: Flow,
    offer: Offer,
  ): Promise<RecordedFlow | undefined> {
    if (await isTaken) return this.#give(flow, entry);
    offer.refuse(entry);
    return this.#next(flow, offer);
  }

  #give(flow: Flow, entry: RecordedFlow): Awaitable<RecordedFlow> {
    this.#taken.set(flow, entry);
    // The flow may have ended while the claim was asked for.
    return flow.endedAt === undefined ? entry : this.giveBack(flow).then(() => entry);
  }

  #choose(flow: Flow, offer: Offer): RecordedFlow | undefined {
    const { replayable, hooks } = this.#stock();
    const entry = offer.next && hooks?.match.call(flow, offer);
    if (!entry) {
      const declinedBy = offer.next && hooks && whoDeclined(hooks.match, flow, offer);
      if (replayable.values.from.length > 0)
        flow.explainMiss(this.#miss(flow.request, flow.session, offer, declinedBy));
      return undefined;
    }
    if (!offer.has(entry)) {
      const problem = `entry ${entry.number} of ${entry.source} is no candidate for this request`;
      throw new AddonError(NAME, 'match', `${problem}; return one of candidates.entries, or null`);
    }
    return entry;
  }

  /** The flow's answer is on its way: its entry stays used. */
  keep(flow: Flow): void {
    this.#taken.delete(flow);
  }

  /** The flow's entry, if it has one, did not reach the client. */
  async giveBack(flow: Flow): Promise<void> {
    const entry = this.#taken.get(flow);
    if (this.#taken.delete(flow) && entry) await this.#consumption.giveBack(flow.session, entry);
  }

  #offer(request: HttpRequest, session: string): Offer {
    const { replayable } = this.#stock();
    const policy = replayable.policyOf(request);
    const matching = replayable.find(request, policy, session);
    const uses = (entry: RecordedFlow) => this.#consumption.uses(session, entry);
    return new Offer(matching, request, policy.reuse, uses, this.#consumption.spent(session, matching));
  }

  /** Captures what is asked, to be explained only if somebody wants to know. */
  #miss(request: HttpRequest, session: string, offer: Offer, declinedBy?: string): () => Miss {
    const { replayable, hooks } = this.#stock();
    const question = {
      request: request.clone(),
      session,
      policy: replayable.policyOf(request),
      replayable,
      // What is recorded from now on may be added to both.
      entries: replayable.flows.length,
      known: replayable.sketches.size,
      matching: [...offer.matching],
      sources: replayable.values.from.map(sourceName),
      identify: hooks?.identify,
      isUsed: (entry: RecordedFlow) => offer.isUsed(entry),
      lastUse: (entry: RecordedFlow) => this.#consumption.lastUse(session, entry),
      declinedBy,
    };
    return () => explainMiss(question);
  }
}
