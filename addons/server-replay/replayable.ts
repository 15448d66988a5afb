import type { HttpRequest, RecordedFlow } from 'replay-proxy';
import type { ServerReplayHooks } from './hooks';
import { IgnoreRules } from './ignore-rules';
import type { ReplayValues } from './options';
import { ReplayIndex } from './replay-index';
import { type Identify, requestKey } from './request-key';

/** The flows that can answer under one set of values. */
export class Replayable {
  readonly #rules: IgnoreRules;
  #index: ReplayIndex;
  #taps: number;

  /** @throws ConfigError for a facet name that is none; AddonError when an `identify` tap throws. */
  constructor(
    readonly flows: readonly RecordedFlow[],
    readonly values: ReplayValues,
    private readonly identify: ServerReplayHooks['identify'] | undefined,
  ) {
    this.#rules = new IgnoreRules(values.ignore);
    this.#taps = this.#tapsNow();
    this.#index = this.#build();
  }

  /** Those that match, in recorded order. */
  find(request: HttpRequest): readonly RecordedFlow[] {
    if (this.#taps !== this.#tapsNow()) {
      this.#index = this.#build();
      this.#taps = this.#tapsNow();
    }
    return this.#index.find(request);
  }

  #build(): ReplayIndex {
    const headers = [...new Set(this.values.headers.map((name) => name.toLowerCase()))];
    const { identify } = this;
    // Recorded requests must not change, and live ones are for other hooks to change.
    const change: Identify | undefined =
      identify && this.#tapsNow() > 0
        ? (facets, request) => identify.call(facets, request.clone()) ?? facets
        : undefined;
    const rulesFor = (redacted: readonly string[]) =>
      redacted.length === 0 ? this.#rules : new IgnoreRules([...this.values.ignore, ...redacted]);
    return new ReplayIndex(this.flows, (redacted) => requestKey(headers, rulesFor(redacted), change));
  }

  #tapsNow(): number {
    return this.identify?.taps.length ?? 0;
  }
}
