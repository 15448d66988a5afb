import {
  type Awaitable,
  compileFilter,
  type Flow,
  FILTER_WORDS,
  isFilter,
  isVerdict,
  type RequestFilter,
  type Verdict,
} from 'replay-proxy';
import type { z as Zod } from 'zod';

/** Let it out, end it, or answer it with a status (200 to 599) and the report of the miss. */
export type UnmatchedAction = 'forward' | 'kill' | number;

/** What is to happen with some of the requests that nobody answered. */
export interface UnmatchedRule {
  /** Those that it is for; all unless told. */
  readonly match?: RequestFilter | undefined;
  readonly verdict: UnmatchedAction;
}

/**
 * What is to happen with requests that nobody answered: the same with all, or by the first rule that is for a request, or as a
 * function says. What no rule is for, and what the function returns nothing for, is forwarded.
 */
export type Unmatched =
  UnmatchedAction | readonly UnmatchedRule[] | ((flow: Flow) => Awaitable<Verdict | UnmatchedAction | void>);

/** Decides about a flow; undefined: nothing was said about it. */
export type Decide = (flow: Flow) => Awaitable<Verdict | UnmatchedAction | void>;

const WORDS = 'forward, kill or a status from 200 to 599';

/** The setting as a function. */
export function compileUnmatched(unmatched: Unmatched): Decide {
  if (typeof unmatched === 'function')
    return async (flow) => {
      const said = await unmatched(flow);
      if (said === undefined || isAction(said) || isVerdict(said)) return said;
      throw new TypeError(`unmatched returned ${JSON.stringify(said)} instead of ${WORDS} or a verdict`);
    };
  if (!isList(unmatched)) return () => unmatched;
  const rules = unmatched.map(({ match, verdict }, i) => ({
    isFor: compileFilter(match, `unmatched[${i}].match`),
    verdict,
  }));
  return ({ request }) => rules.find(({ isFor }) => isFor(request))?.verdict;
}

/** True for what can be done without looking at the flow. */
export function isAction(value: unknown): value is UnmatchedAction {
  if (value === 'forward' || value === 'kill') return true;
  return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

/** The zod schema of the setting; its messages complete the sentence "KEY is VALUE, but must be …". */
export function unmatchedSchema(z: typeof Zod) {
  const action = z.custom<UnmatchedAction>(isAction, WORDS);
  const rule = z.strictObject(
    { match: z.custom<RequestFilter>(isFilter, FILTER_WORDS).optional(), verdict: action },
    { error: (issue) => (issue.code === 'invalid_type' ? 'a rule, { match, verdict }' : undefined) },
  );
  const decide = z.custom<Exclude<Unmatched, UnmatchedAction | readonly UnmatchedRule[]>>(
    (value) => typeof value === 'function',
  );
  return { action, rules: z.array(rule).readonly(), decide };
}

/**
 * Reads `forward`, `kill` or a status from 200 to 599, number or text, a list of rules, or a function.
 * @throws TypeError for anything else.
 */
export function parseUnmatched(value: unknown): Unmatched {
  const given = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (isAction(given) || typeof given === 'function') return given as Unmatched;
  if (Array.isArray(given) && given.every(isRule)) return given;
  throw new TypeError(
    `unmatched is ${WORDS}, a list of { match, verdict } or a function, not ${JSON.stringify(value)}`,
  );
}

function isRule(value: unknown): value is UnmatchedRule {
  const { match, verdict } = (value ?? {}) as Partial<UnmatchedRule>;
  return isAction(verdict) && (match === undefined || isFilter(match));
}

function isList(
  unmatched: UnmatchedAction | readonly UnmatchedRule[],
): unmatched is readonly UnmatchedRule[] {
  return Array.isArray(unmatched);
}
