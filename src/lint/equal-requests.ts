import { bodyFacets, bodyKey, facetsKey, readBody } from '../facets/body-facets';
import { FacetPatterns } from '../facets/facet-patterns';
import { headFacets, joinFacets } from '../facets/facets';
import type { RecordedFlow } from '../recording/recorded-flow';
import { LARGEST_CONTENT } from './content';

/** Entries in lists of two and more that a request could get any of, unless headers were compared. Bodies are read only where heads are equal. */
export function equalRequests(flows: readonly RecordedFlow[]): RecordedFlow[][] {
  return groupsBy(flows, headKey).flatMap((group) => groupsBy(group, requestBodyKey));
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

/** An entry answers the session that recorded it, a 206 only the same Range, and a 304 only a client that has a copy. */
function headKey(flow: RecordedFlow): string {
  const { request, response, session = '' } = flow;
  const status = response?.status;
  const part = status === 206 ? `206 ${request.headers.folded('range')}` : status === 304 ? '304' : '';
  const facets = joinFacets(rulesOf(flow).keep(headFacets(request, [])));
  return JSON.stringify([session, part, redactedOf(flow), facets]);
}

function requestBodyKey(flow: RecordedFlow): string {
  const { request, unstored, number } = flow;
  const unknown = `unknown ${number}`;
  if (unstored?.request) return redactedOf(flow).includes('body') ? '' : unknown;
  try {
    if ((request.body.length ?? 0) > LARGEST_CONTENT) return request.body.digest();
    const content = readBody(request, unknown);
    const rules = rulesOf(flow);
    if (rules.body === 'all') return '';
    return rules.body === 'none'
      ? bodyKey(content)
      : facetsKey(content?.kind, rules.keep(bodyFacets(content)));
  } catch {
    return unknown;
  }
}

function rulesOf(flow: RecordedFlow): FacetPatterns {
  return new FacetPatterns(redactedOf(flow));
}

/** What was taken out of the request. */
function redactedOf({ redacted = [] }: RecordedFlow): string[] {
  return redacted.filter((name) => name !== '' && !name.startsWith('response.')).toSorted();
}
