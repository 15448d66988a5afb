import { bodyFacets, bodyKey, facetsKey, readBody } from '../facets/body-facets';
import { FacetPatterns } from '../facets/facet-patterns';
import { headFacets, joinFacets } from '../facets/facets';
import type { HttpRequest } from '../http/request';
import type { RecordedFlow } from '../recording/recorded-flow';
import { LARGEST_CONTENT } from './content';

/** How a request is compared. */
export type PolicyOf = (request: HttpRequest) => {
  /** Lower-case names of header fields that count. */
  readonly headers: readonly string[];
  readonly ignore: readonly string[];
  readonly reuse: string;
};

/** Entries in lists of two and more that one request of one session could get any of. Bodies are read only where heads are equal. */
export function equalRequests(flows: readonly RecordedFlow[], policyOf: PolicyOf): RecordedFlow[][] {
  return groupsBy(flows, (flow) => headKey(flow, policyOf))
    .flatMap((group) => groupsBy(group, (flow) => requestBodyKey(flow, policyOf)))
    .flatMap(bySession);
}

/** A session sees its own entries and those of none. */
function bySession(group: readonly RecordedFlow[]): RecordedFlow[][] {
  const named = new Set(group.flatMap(({ session }) => session || []));
  if (named.size === 0) return [[...group]];
  const seen = [...named].map((name) =>
    group.filter(({ session = '' }) => session === '' || session === name),
  );
  return seen.filter(({ length }) => length > 1);
}

function groupsBy(flows: readonly RecordedFlow[], keyOf: (flow: RecordedFlow) => string): RecordedFlow[][] {
  const groups = new Map<string, RecordedFlow[]>();
  for (const flow of flows) {
    const key = keyOf(flow);
    const group = groups.get(key);
    if (group) group.push(flow);
    else groups.set(key, [flow]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** A 206 answers only the same Range, and a 304 only a client that has a copy. */
function headKey(flow: RecordedFlow, policyOf: PolicyOf): string {
  const { request, response } = flow;
  const status = response?.status;
  const part = status === 206 ? `206 ${request.headers.folded('range')}` : status === 304 ? '304' : '';
  const facets = joinFacets(rulesOf(flow, policyOf).keep(headFacets(request, policyOf(request).headers)));
  return JSON.stringify([part, redactedOf(flow, policyOf(request).headers), facets]);
}

function requestBodyKey(flow: RecordedFlow, policyOf: PolicyOf): string {
  const { request, unstored, number } = flow;
  const unknown = `unknown ${number}`;
  if (unstored?.request) return flow.redacted?.includes('body') ? '' : unknown;
  try {
    if ((request.body.length ?? 0) > LARGEST_CONTENT) return request.body.digest();
    const content = readBody(request, unknown);
    const rules = rulesOf(flow, policyOf);
    if (rules.body === 'all') return '';
    return rules.body === 'none'
      ? bodyKey(content)
      : facetsKey(content?.kind, rules.keep(bodyFacets(content)));
  } catch {
    return unknown;
  }
}

function rulesOf(flow: RecordedFlow, policyOf: PolicyOf): FacetPatterns {
  const { ignore, headers } = policyOf(flow.request);
  return new FacetPatterns([...ignore, ...redactedOf(flow, headers)]);
}

/** What was taken out of the request, as far as it would count. */
function redactedOf({ redacted = [] }: RecordedFlow, headers: readonly string[]): string[] {
  const names = redacted.filter((name) => /^(?:query|body|header)(?:\.|$)/.test(name));
  return names.filter((name) => headers.length > 0 || !name.startsWith('header')).toSorted();
}
