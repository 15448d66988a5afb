import { SyncWaterfallHook } from 'tapable';
import {
  type Addon,
  addonHooks,
  type Flow,
  guardSync,
  HttpResponse,
  isVerdict,
  kill,
  type MitmProxy,
  respond,
  type Verdict,
} from 'replay-proxy';

const NAME = 'KillUnmatched';

/** What is to happen with requests that nobody answered: let them out, end them, or answer them with an empty response of a status. */
export type Unmatched = 'forward' | 'kill' | number;

/** The hooks that KillUnmatched offers. */
export interface KillUnmatchedHooks {
  /** The verdict on a request that nobody answered; return another to replace it. Not asked under `forward`. */
  readonly verdict: SyncWaterfallHook<[verdict: Verdict, flow: Flow], Verdict | void>;
}

const hooksOf = addonHooks<KillUnmatchedHooks>(NAME, () => ({
  verdict: guardSync(`${NAME}.verdict`, new SyncWaterfallHook(['verdict', 'flow']), {
    check: isVerdict,
    wants: 'a verdict: respond(…), forward() or kill(…)',
  }),
}));

/** Decides about requests that no other addon answered. It does not know whether, or how much, was recorded. */
export class KillUnmatched implements Addon {
  /** The hooks of the KillUnmatched that `proxy` has or will have. */
  static hooks(proxy: MitmProxy): KillUnmatchedHooks {
    return hooksOf(proxy);
  }

  readonly name = NAME;
  #unmatched: Unmatched;

  constructor(unmatched: Unmatched = 'kill') {
    this.#unmatched = unmatched;
  }

  get options() {
    return { schema: { parse: parseOptions }, values: { unmatched: this.#unmatched } };
  }

  configure({ unmatched }: { unmatched: Unmatched }): void {
    this.#unmatched = unmatched;
  }

  apply(proxy: MitmProxy): void {
    const { verdict } = hooksOf(proxy);
    proxy.hooks.unmatched.tap({ name: NAME, stage: 100 }, (flow) => {
      if (this.#unmatched === 'forward') return undefined;
      return verdict.call(defaultVerdict(this.#unmatched), flow) as Verdict;
    });
  }
}

function defaultVerdict(unmatched: Exclude<Unmatched, 'forward'>): Verdict {
  return unmatched === 'kill'
    ? kill('nothing recorded answers it')
    : respond(new HttpResponse({ status: unmatched }));
}

/**
 * Reads `forward`, `kill` or a status from 200 to 599, number or text.
 * @throws TypeError for anything else.
 */
export function parseUnmatched(value: unknown): Unmatched {
  if (value === 'forward' || value === 'kill') return value;
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new TypeError(`unmatched is forward, kill or a status from 200 to 599, not ${JSON.stringify(value)}`);
}

function parseOptions(values: unknown): { unmatched: Unmatched } {
  return { unmatched: parseUnmatched((values as { unmatched?: unknown }).unmatched) };
}
