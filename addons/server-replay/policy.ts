import { compileFilter, type HttpRequest, type RequestFilter } from 'replay-proxy';
import type { ReplayValues } from './options';
import type { Reuse } from './reuse';

/** Another way to compare some requests than the rest. */
export interface ReplayRule {
  /** The requests that it is for; all unless told. */
  readonly match?: RequestFilter | undefined;
  /** Facets that need not match, beside those ignored for all. */
  readonly ignore?: readonly string[] | undefined;
  /** Names of request header fields that have to match, beside those for all. */
  readonly headers?: readonly string[] | undefined;
  /** What happens when there are more equal requests than entries; as for all unless told. */
  readonly reuse?: Reuse | undefined;
}

/** How a request is compared, and how often an entry may answer it. */
export interface Policy {
  /** Lower-case names. */
  readonly headers: readonly string[];
  readonly ignore: readonly string[];
  readonly reuse: Reuse;
  /** Whether a rule says so, which stands before what is said for all. */
  readonly isReuseOfRule: boolean;
  /** Equal for policies that compare alike. */
  readonly compares: string;
}

/** The policies of one set of values: one a rule, and one for the rest. */
export class Policies {
  /** For requests that no rule is for. */
  readonly general: Policy;
  readonly #rules: readonly { isFor(request: HttpRequest): boolean; policy: Policy }[];

  constructor({
    headers,
    ignore,
    reuse,
    rules,
  }: Pick<ReplayValues, 'headers' | 'ignore' | 'reuse' | 'rules'>) {
    this.general = policyOf(headers, ignore, reuse, false);
    this.#rules = rules.map((rule, i) => ({
      isFor: compileFilter(rule.match, `rules[${i}].match`),
      policy: policyOf(
        [...headers, ...(rule.headers ?? [])],
        [...ignore, ...(rule.ignore ?? [])],
        rule.reuse ?? reuse,
        rule.reuse !== undefined,
      ),
    }));
  }

  /** All of them. */
  get all(): Policy[] {
    return [this.general, ...this.#rules.map(({ policy }) => policy)];
  }

  /** That of the first rule that is for the request. */
  of(request: HttpRequest): Policy {
    for (const { isFor, policy } of this.#rules) if (isFor(request)) return policy;
    return this.general;
  }
}

function policyOf(
  named: readonly string[],
  ignore: readonly string[],
  reuse: Reuse,
  isReuseOfRule: boolean,
): Policy {
  const headers = [...new Set(named.map((name) => name.toLowerCase()))];
  return { headers, ignore, reuse, isReuseOfRule, compares: JSON.stringify([headers, ignore]) };
}
