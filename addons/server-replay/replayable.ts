import { FacetPatterns, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import type { ServerReplayHooks } from './hooks';
import { Sketches } from './miss/sketches';
import type { ReplayValues } from './options';
import { Policies, type Policy } from './policy';
import { ReplayIndex } from './replay-index';
import { type Identify, requestKey } from './request-key';

/** What was loaded. */
export interface Loaded {
  /** The flows that can answer, in recorded order. */
  readonly flows: readonly RecordedFlow[];
  /** Those that never can. */
  readonly unusable: readonly RecordedFlow[];
}

/** The two kinds of flows under one policy. */
interface Indexes {
  readonly flows: ReplayIndex;
  readonly unusable: ReplayIndex;
}

/** The flows that can answer under one set of values. */
export class Replayable {
  readonly flows: RecordedFlow[];
  readonly sketches: Sketches;
  readonly #unusable: readonly RecordedFlow[];
  readonly #policies: Policies;
  readonly #indexes = new Map<Policy, Indexes>();
  #taps: number;

  /** @throws ConfigError for a facet name that is none; AddonError when an `identify` tap throws. */
  constructor(
    { flows, unusable }: Loaded,
    readonly values: ReplayValues,
    private readonly identify: ServerReplayHooks['identify'] | undefined,
  ) {
    this.flows = [...flows];
    this.#unusable = unusable;
    this.sketches = new Sketches(flows);
    this.#policies = new Policies(values);
    this.#taps = this.#tapsNow();
    // What is wrong with a name is to be told now.
    for (const rule of values.rules) new FacetPatterns(rule.ignore ?? []);
    this.#indexesOf(this.#policies.general);
  }

  /** How a request is compared. */
  policyOf(request: HttpRequest): Policy {
    return this.#policies.of(request);
  }

  /** Those that match and that the session may see, in recorded order. */
  find(request: HttpRequest, policy: Policy, session: string): readonly RecordedFlow[] {
    const { flows } = this.#indexesOf(policy);
    if (!this.values.sessions) return flows.find(request, flows.sessions);
    return flows.find(request, session === '' ? [''] : ['', session]);
  }

  /** All that the session may see. */
  visibleTo(session: string): RecordedFlow[] {
    return this.flows.filter((flow) => !this.values.sessions || !flow.session || flow.session === session);
  }

  /** Those that match and that the session may not see. */
  findOfOthers(request: HttpRequest, policy: Policy, session: string): readonly RecordedFlow[] {
    if (!this.values.sessions) return [];
    const { flows } = this.#indexesOf(policy);
    return flows.find(
      request,
      [...flows.sessions].filter((one) => one !== '' && one !== session),
    );
  }

  /** Those that match and never can answer. */
  findUnusable(request: HttpRequest, policy: Policy): readonly RecordedFlow[] {
    const { unusable } = this.#indexesOf(policy);
    return unusable.find(request, unusable.sessions);
  }

  /** One more flow that can answer, behind all others. */
  add(flow: RecordedFlow): void {
    this.flows.push(flow);
    for (const { flows } of this.#indexes.values()) flows.add(flow);
  }

  #indexesOf(policy: Policy): Indexes {
    if (this.#taps !== this.#tapsNow()) {
      this.#indexes.clear();
      this.#taps = this.#tapsNow();
    }
    let indexes = this.#indexes.get(policy);
    if (!indexes) this.#indexes.set(policy, (indexes = this.#build(policy)));
    return indexes;
  }

  #build({ headers, ignore }: Policy): Indexes {
    const { identify } = this;
    // Recorded requests must not change, and live ones are for other hooks to change.
    const change: Identify | undefined =
      identify && this.#tapsNow() > 0
        ? (facets, request) => identify.call(facets, request.clone()) ?? facets
        : undefined;
    const patterns = new FacetPatterns(ignore);
    const keyFor = (redacted: readonly string[]) =>
      requestKey(
        headers,
        redacted.length === 0 ? patterns : new FacetPatterns([...ignore, ...redacted]),
        change,
      );
    return { flows: new ReplayIndex(this.flows, keyFor), unusable: new ReplayIndex(this.#unusable, keyFor) };
  }

  #tapsNow(): number {
    return this.identify?.taps.length ?? 0;
  }
}
