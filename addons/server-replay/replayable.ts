import {
  canCount,
  FacetPatterns,
  isGrpc,
  type HttpRequest,
  type Identify,
  type RecordedFlow,
  requestKey,
} from 'replay-proxy';
import type { ServerReplayHooks } from './hooks';
import { Sketches } from './miss/sketches';
import type { ReplayValues } from './options';
import { Policies, type Policy } from './policy';
import { ReplayIndex } from './replay-index';

/** The default session alone. */
const DEFAULT: readonly string[] = [''];

/** Sketches that are made in no time. */
const SKETCHES_AT_ONCE = 500;

/** What was loaded. */
export interface Loaded {
  /** The flows that can answer, in recorded order. */
  readonly flows: readonly RecordedFlow[];
  /** Those that never can. */
  readonly unusable: readonly RecordedFlow[];
}

/** The flows that can answer under one set of values. */
export class Replayable {
  readonly flows: RecordedFlow[];
  readonly sketches: Sketches;
  readonly #unusable: readonly RecordedFlow[];
  readonly #policies: Policies;
  /** By what policies compare; those that only differ in reuse share one. */
  readonly #indexes = new Map<string, ReplayIndex>();
  /** The same for flows that can never answer; made when a miss asks. */
  readonly #unusableIndexes = new Map<string, ReplayIndex>();
  /** Paths of gRPC calls. */
  readonly #calls = new Set<string>();
  #taps: number;

  /** @throws ConfigError for a facet name that is none; AddonError when an `identify` tap throws. */
  constructor(
    { flows, unusable }: Loaded,
    readonly values: ReplayValues,
    private readonly identify: ServerReplayHooks['identify'] | undefined,
  ) {
    this.flows = [...flows];
    this.#unusable = unusable;
    this.sketches = new Sketches([...flows, ...unusable]);
    this.#policies = new Policies(values);
    for (const flow of flows) this.#noteCall(flow);
    this.#taps = this.#tapsNow();
    for (const policy of this.#policies.all) this.#indexOf(policy);
  }

  /** Does beforehand what the first requests would have to wait for, a little at a time, until `isOver`. */
  async prepare(isOver: () => boolean): Promise<void> {
    for (const index of this.#indexes.values()) await index.prepare(isOver);
    while (!isOver() && this.sketches.make(SKETCHES_AT_ONCE)) await new Promise(setImmediate);
  }

  /** How a request is compared. */
  policyOf(request: HttpRequest): Policy {
    return this.#policies.of(request);
  }

  /** Those that match and that the session may see, in recorded order. */
  find(request: HttpRequest, policy: Policy, session: string): readonly RecordedFlow[] {
    const index = this.#indexOf(policy);
    if (!this.values.sessions) return index.find(request, index.sessions);
    // What it has recorded itself is meant for it.
    return session === '' ? index.find(request, DEFAULT) : index.find(request, [session, ''], 'by session');
  }

  /** All that the session may see. */
  visibleTo(session: string): RecordedFlow[] {
    return this.flows.filter((flow) => this.isVisible(flow, session));
  }

  /** Whether the session may see an entry: its own, and those of none. */
  isVisible(flow: RecordedFlow, session: string): boolean {
    return !this.values.sessions || !flow.session || flow.session === session;
  }

  /** Those that match and that the session may not see. */
  findOfOthers(request: HttpRequest, policy: Policy, session: string): readonly RecordedFlow[] {
    if (!this.values.sessions) return [];
    const index = this.#indexOf(policy);
    return index.find(
      request,
      [...index.sessions].filter((one) => one !== '' && one !== session),
    );
  }

  /** Those that match and never can answer. */
  findUnusable(request: HttpRequest, policy: Policy): readonly RecordedFlow[] {
    const index = this.#indexOf(policy, this.#unusableIndexes, this.#unusable);
    return index.find(request, index.sessions);
  }

  /** Whether a gRPC call of that path may be among them. */
  hasCalls(path: string): boolean {
    const { ignore, rules } = this.values;
    const mayDiffer = ignore.length > 0 || rules.length > 0 || this.#tapsNow() > 0;
    return this.#calls.has(path) || (mayDiffer && this.#calls.size > 0);
  }

  /** One more flow that can answer, behind all others. */
  add(flow: RecordedFlow): void {
    this.flows.push(flow);
    this.#noteCall(flow);
    this.sketches.add(flow);
    for (const index of this.#indexes.values()) index.add(flow);
  }

  #noteCall({ request }: RecordedFlow): void {
    if (isGrpc(request.headers)) this.#calls.add(request.path);
  }

  #indexOf(
    policy: Policy,
    indexes = this.#indexes,
    flows: readonly RecordedFlow[] = this.flows,
  ): ReplayIndex {
    if (this.#taps !== this.#tapsNow()) {
      this.#indexes.clear();
      this.#unusableIndexes.clear();
      this.#taps = this.#tapsNow();
    }
    let index = indexes.get(policy.compares);
    if (!index) indexes.set(policy.compares, (index = this.#build(policy, flows)));
    return index;
  }

  #build({ headers, ignore }: Policy, flows: readonly RecordedFlow[]): ReplayIndex {
    const { identify } = this;
    // Recorded requests must not change, and live ones are for other hooks to change.
    const change: Identify | undefined =
      identify && this.#tapsNow() > 0
        ? (facets, request) => identify.call(facets, request.clone()) ?? facets
        : undefined;
    const patterns = new FacetPatterns(ignore);
    return new ReplayIndex(flows, {
      keyFor: (redacted) =>
        requestKey(
          headers,
          redacted.length === 0 ? patterns : new FacetPatterns([...ignore, ...redacted]),
          change,
        ),
      // An addon may compare more.
      matters: (name) => change !== undefined || canCount(name, headers),
    });
  }

  #tapsNow(): number {
    return this.identify?.taps.length ?? 0;
  }
}
