import { SyncWaterfallHook } from 'tapable';
import {
  type Addon,
  addonHooks,
  attributed,
  type Awaitable,
  type Flow,
  forward,
  guardSync,
  isThenable,
  isVerdict,
  kill,
  type MitmProxy,
  respond,
  type Verdict,
  waterfallSteps,
} from 'replay-proxy';
import { missResponse } from './miss-response'; // late
import {
  compileUnmatched,
  type Decide,
  isAction,
  parseUnmatched,
  type Unmatched,
  type UnmatchedAction,
} from './unmatched';

const NAME = 'KillUnmatched';

/** The hooks that KillUnmatched offers. */
export interface KillUnmatchedHooks {
  /** The verdict on a request that nobody answered; return another to replace it. Not asked where `unmatched` is `forward` for all. */
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
  readonly #now: () => number;
  #unmatched: Unmatched;
  #decide: Decide;

  constructor(unmatched: Unmatched = 'kill', options: { now?: () => number } = {}) {
    this.#unmatched = unmatched;
    this.#decide = compileUnmatched(unmatched);
    this.#now = options.now ?? Date.now;
  }

  get options() {
    return { schema: { parse: parseOptions }, values: { unmatched: this.#unmatched } };
  }

  configure({ unmatched }: { unmatched: Unmatched }): void {
    this.#unmatched = unmatched;
    this.#decide = compileUnmatched(unmatched);
  }

  apply(proxy: MitmProxy): void {
    const { verdict } = hooksOf(proxy);
    const judge = (said: Verdict | UnmatchedAction | void, flow: Flow) => {
      const first = isAction(said) ? this.#verdictOf(said, flow) : (said ?? forward());
      const steps = waterfallSteps<Verdict>(verdict, first, [flow]);
      const changed = steps.findLast(({ before, after }) => before !== after);
      return changed ? attributed(changed.after, changed.by) : first;
    };
    proxy.hooks.unmatched.tap({ name: NAME, stage: 100 }, (flow): Awaitable<Verdict | undefined> => {
      if (this.#unmatched === 'forward') return undefined;
      const said = this.#decide(flow);
      return isThenable(said) ? said.then((settled) => judge(settled, flow)) : judge(said, flow);
    });
  }

  #verdictOf(action: UnmatchedAction, flow: Flow): Verdict {
    if (action === 'forward') return forward();
    if (action === 'kill') return kill('nothing recorded answers it');
    return respond(missResponse(action, flow, this.#now()));
  }
}

function parseOptions(values: unknown): { unmatched: Unmatched } {
  return { unmatched: parseUnmatched((values as { unmatched?: unknown }).unmatched) };
}
