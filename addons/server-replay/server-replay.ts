import {
  type Addon,
  AddonError,
  type AddonOptions,
  type Flow,
  type HttpRequest,
  type MitmProxy,
  type Miss,
  type RecordedFlow,
  refuseUnknownRoots,
  respond,
  type Verdict,
  warnOnStderr,
} from 'replay-proxy';
import { Offer } from './candidates';
import type { Claims } from './claims';
import { Consumption } from './consumption';
import { NAME, serverReplayHooks, type ServerReplayHooks, whoDeclined } from './hooks';
import { explainMiss } from './miss/explain';
import { DEFAULTS, replayOptionsSchema, type ReplayValues } from './options';
import { recode } from './recode';
import { Replayable } from './replayable';
import { sourceName, type SourceProgress, Sources } from './sources';
import { whyUnusable } from './usable';

/** What ServerReplay is made of. */
export interface ServerReplayOptions extends Partial<ReplayValues> {
  /** Hears how far each file has been read. */
  readonly onProgress?: SourceProgress;
  /** Takes one line about a recording: what was skipped, what cannot answer. Standard error unless told. */
  readonly warn?: (line: string) => void;
  /** Who has used what; in memory unless told. */
  readonly claims?: Claims;
}

/**
 * Answers requests from recordings: `new ServerReplay({ from: ['shop.har'], ignore: ['query.utm_*'] })`.
 *
 * A request that nobody else answers is compared with the recorded ones, and the response of the one whose turn it is goes out.
 */
export class ServerReplay implements Addon {
  /** What others can change: how requests are told apart, which entry answers. */
  static hooks(proxy: object): ServerReplayHooks {
    return serverReplayHooks(proxy);
  }

  readonly name = NAME;
  readonly #sources: Sources;
  readonly #consumption: Consumption;
  readonly #taken = new Map<Flow, RecordedFlow>();
  #origins: readonly string[] = [];
  #values: ReplayValues;
  #replayable: Replayable;
  #hooks: ServerReplayHooks | undefined;
  #proxy: MitmProxy | undefined;
  #isLoaded = false;
  #changes: Promise<void> = Promise.resolve();

  /** @throws ConfigError for a facet name that is none. */
  constructor({ onProgress, warn, claims, ...values }: ServerReplayOptions = {}) {
    this.#sources = new Sources(warn ?? warnOnStderr, onProgress);
    this.#consumption = new Consumption(claims);
    this.#values = { ...DEFAULTS, ...values };
    this.#replayable = new Replayable({ flows: [], unusable: [] }, this.#values, undefined);
  }

  get options(): AddonOptions<ReplayValues> {
    return { schema: replayOptionsSchema, values: this.#values };
  }

  /** The entries that can answer, in recorded order. */
  get entries(): readonly RecordedFlow[] {
    return this.#replayable.flows;
  }

  /** The entries that have answered no session. */
  get unused(): RecordedFlow[] {
    return this.entries.filter((entry) => !this.#consumption.isUsed(entry));
  }

  /** How many these are. */
  get remaining(): number {
    return this.unused.length;
  }

  apply(proxy: MitmProxy): void {
    this.#proxy = proxy;
    this.#hooks = serverReplayHooks(proxy);
    const { start, stop, request, error, complete } = proxy.hooks;
    start.tap(NAME, () => this.load());
    stop.tap({ name: NAME, stage: 100 }, () => this.#sources.close());
    request.tap({ name: NAME, stage: 100 }, (flow) => this.#answer(flow));
    // The client gets something else instead of the recorded response.
    error.tap({ name: NAME, stage: -Infinity }, (_error, flow) => this.#giveBack(flow));
    complete.tap(NAME, (flow) => {
      if (flow.headSentAt === undefined) return this.#giveBack(flow);
      this.#taken.delete(flow);
      return undefined;
    });
  }

  /**
   * Opens the recordings; the `start` hook does it, too.
   * @throws RecordingError for a file that cannot be read, ConfigError for a facet name that is none.
   */
  load(): Promise<void> {
    this.#isLoaded = true;
    return this.configure(this.#values);
  }

  /**
   * Takes other values for requests to come; entries that are used stay used. Nothing changes when it throws.
   * @throws RecordingError for a file that cannot be read, ConfigError for a facet name that is none.
   */
  async configure(values: ReplayValues): Promise<void> {
    const change = this.#changes.then(() => this.#change(values));
    this.#changes = change.catch(() => {});
    await change;
  }

  /** One more entry, recorded just now, that counts as used by `session`; nothing happens where no entry is used twice, or it cannot answer. */
  async add(entry: RecordedFlow, session: string): Promise<void> {
    const { reuse } = this.#replayable.policyOf(entry.request);
    const isAtHand = [entry.request.body, entry.response?.body].every((body) => body?.kind === 'memory');
    if (reuse === 'never' || !isAtHand || whyUnusable(entry) !== undefined) return;
    this.#replayable.add(entry);
    await this.#consumption.tryTake(session, entry, reuse);
  }

  /** What would answer a request of `session`, or why nothing would. Uses nothing up; `match` taps are not asked. */
  explain(request: HttpRequest, session = ''): RecordedFlow | Miss {
    const offer = this.#offer(request, session);
    return offer.next ?? this.#miss(request, session, offer)();
  }

  async #change(values: ReplayValues): Promise<void> {
    // Only now is it known who else names facets.
    if (this.#isLoaded && !this.#hooks?.identify.taps.length)
      refuseUnknownRoots([...values.ignore, ...values.rules.flatMap(({ ignore = [] }) => ignore)]);
    const loaded = this.#isLoaded ? await this.#sources.load(values.from) : { flows: [], unusable: [] };
    this.#replayable = new Replayable(loaded, values, this.#hooks?.identify);
    this.#values = values;
    for (const origin of this.#origins) this.#proxy?.origins.delete(origin);
    this.#origins = [...new Set(loaded.flows.map(({ request }) => request.origin))];
    for (const origin of this.#origins) this.#proxy?.origins.add(origin);
  }

  async #answer(flow: Flow): Promise<Verdict | undefined> {
    const entry = await this.#take(flow);
    if (!entry) return undefined;
    this.#taken.set(flow, entry);
    // The flow may have ended while the claim was asked for.
    if (flow.endedAt !== undefined) await this.#giveBack(flow);
    const { response, note } = recode(entry, flow.request);
    if (note !== undefined) flow.notes.push(note);
    return respond(response, entry);
  }

  async #take(flow: Flow): Promise<RecordedFlow | undefined> {
    const { request, session } = flow;
    const offer = this.#offer(request, session);
    for (;;) {
      const entry = offer.next && this.#hooks?.match.call(flow, offer);
      if (!entry) {
        const declinedBy = offer.next && this.#hooks && whoDeclined(this.#hooks.match, flow, offer);
        if (this.#values.from.length > 0) flow.explainMiss(this.#miss(request, session, offer, declinedBy));
        return undefined;
      }
      if (!offer.has(entry)) {
        const problem = `entry ${entry.number} of ${entry.source} is no candidate for this request`;
        throw new AddonError(NAME, 'match', `${problem}; return one of candidates.entries, or null`);
      }
      if (await this.#consumption.tryTake(session, entry, offer.reuse)) return entry;
      offer.refuse(entry);
    }
  }

  #offer(request: HttpRequest, session: string): Offer {
    const policy = this.#replayable.policyOf(request);
    const matching = this.#replayable.find(request, policy, session);
    const uses = (entry: RecordedFlow) => this.#consumption.uses(session, entry);
    return new Offer(matching, request, policy.reuse, uses, this.#consumption.spent(session, matching));
  }

  /** Captures what is asked, to be explained only if somebody wants to know. */
  #miss(request: HttpRequest, session: string, offer: Offer, declinedBy?: string): () => Miss {
    const replayable = this.#replayable;
    const question = {
      request: request.clone(),
      session,
      policy: replayable.policyOf(request),
      replayable,
      sources: this.#values.from.map(sourceName),
      identify: this.#hooks?.identify,
      isUsed: (entry: RecordedFlow) => offer.isUsed(entry),
      lastUse: (entry: RecordedFlow) => this.#consumption.lastUse(session, entry),
      declinedBy,
    };
    return () => explainMiss(question);
  }

  async #giveBack(flow: Flow): Promise<undefined> {
    const entry = this.#taken.get(flow);
    if (this.#taken.delete(flow) && entry) await this.#consumption.giveBack(flow.session, entry);
  }
}
