import {
  type Addon,
  AddonError,
  type AddonOptions,
  type Flow,
  type MitmProxy,
  type RecordedFlow,
  respond,
  type Verdict,
  warnOnStderr,
} from 'replay-proxy';
import { Offer } from './candidates';
import { type Claims, MemoryClaims } from './claims';
import { refuseUnknownRoots } from './facet-roots';
import { NAME, serverReplayHooks, type ServerReplayHooks } from './hooks';
import { DEFAULTS, replayOptionsSchema, type ReplayValues } from './options';
import { recode } from './recode';
import { Replayable } from './replayable';
import { limitOf } from './reuse';
import { type SourceProgress, Sources } from './sources';
import { Spent } from './spent';

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
  readonly #claims: Claims;
  readonly #taken = new Map<Flow, RecordedFlow>();
  readonly #spent = new Spent();
  #origins: readonly string[] = [];
  #values: ReplayValues;
  #replayable: Replayable;
  #hooks: ServerReplayHooks | undefined;
  #proxy: MitmProxy | undefined;
  #isStarted = false;
  #changes: Promise<void> = Promise.resolve();

  /** @throws ConfigError for a facet name that is none. */
  constructor({ onProgress, warn, claims, ...values }: ServerReplayOptions = {}) {
    this.#sources = new Sources(warn ?? warnOnStderr, onProgress);
    this.#claims = claims ?? new MemoryClaims();
    this.#values = { ...DEFAULTS, ...values };
    this.#replayable = new Replayable([], this.#values, undefined);
  }

  get options(): AddonOptions<ReplayValues> {
    return { schema: replayOptionsSchema, values: this.#values };
  }

  /** The entries that can answer, in recorded order. */
  get entries(): readonly RecordedFlow[] {
    return this.#replayable.flows;
  }

  /** Entries that the default session has not used. */
  get remaining(): number {
    return this.entries.filter((flow) => this.#claims.uses('', flow) === 0).length;
  }

  apply(proxy: MitmProxy): void {
    this.#proxy = proxy;
    this.#hooks = serverReplayHooks(proxy);
    const { start, stop, request, error, complete } = proxy.hooks;
    start.tap(NAME, () => {
      this.#isStarted = true;
      return this.configure(this.#values);
    });
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
   * Takes other values for requests to come; entries that are used stay used. Nothing changes when it throws.
   * @throws RecordingError for a file that cannot be read, ConfigError for a facet name that is none.
   */
  async configure(values: ReplayValues): Promise<void> {
    const change = this.#changes.then(() => this.#change(values));
    this.#changes = change.catch(() => {});
    await change;
  }

  async #change(values: ReplayValues): Promise<void> {
    // Only now is it known who else names facets.
    if (this.#isStarted && !this.#hooks?.identify.taps.length) refuseUnknownRoots(values.ignore);
    const flows = this.#isStarted ? await this.#sources.load(values.from) : [];
    this.#replayable = new Replayable(flows, values, this.#hooks?.identify);
    this.#values = values;
    for (const origin of this.#origins) this.#proxy?.origins.delete(origin);
    this.#origins = [...new Set(flows.map(({ request }) => request.origin))];
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
    const { reuse } = this.#values;
    const uses = (entry: RecordedFlow) => this.#claims.uses(flow.session, entry);
    const matching = this.#replayable.find(flow.request);
    const spent = this.#spent.of(matching, flow.session, uses);
    const offer = new Offer(matching, flow.request, reuse, uses, spent);
    for (;;) {
      if (offer.next === undefined) {
        const why = offer.whyNone();
        if (why !== undefined) flow.notes.push(why);
        return undefined;
      }
      const entry = this.#hooks?.match.call(flow, offer);
      if (!entry) return undefined;
      if (!offer.has(entry)) {
        const problem = `entry ${entry.number} of ${entry.source} is no candidate for this request`;
        throw new AddonError(NAME, 'match', `${problem}; return one of candidates.entries, or null`);
      }
      if (await this.#claims.tryTake(flow.session, entry, limitOf(entry, reuse, uses))) return entry;
      offer.refuse(entry);
    }
  }

  async #giveBack(flow: Flow): Promise<undefined> {
    const entry = this.#taken.get(flow);
    if (!this.#taken.delete(flow) || !entry) return;
    this.#spent.forget();
    await this.#claims.giveBack(flow.session, entry);
  }
}
