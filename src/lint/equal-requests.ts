import { FacetPatterns } from '../facets/facet-patterns';
import { canCount, redactedOf, subjectOf } from '../facets/recorded-side';
import { requestKey, type RequestKey } from '../facets/request-key';
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

/** How the entries are compared of which the same was taken out. */
interface Comparison {
  readonly key: RequestKey;
  /** What was taken out of the request, as far as it would count. */
  readonly redacted: readonly string[];
}

/** Entries in lists of two and more that one request of one session could get any of. Bodies are read only where heads are equal. */
export function equalRequests(flows: readonly RecordedFlow[], policyOf: PolicyOf): RecordedFlow[][] {
  const comparisonOf = comparisons(policyOf);
  return groupsBy(flows, (flow) => headKey(flow, comparisonOf(flow)))
    .flatMap((group) => groupsBy(group, (flow) => requestBodyKey(flow, comparisonOf(flow))))
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

/** A 206 answers only the same Range, a 304 only a client that has a copy, a WebSocket only who asks for one. */
function headKey(flow: RecordedFlow, { key, redacted }: Comparison): string {
  return JSON.stringify([kindOf(flow), redacted, key.head(subjectOf(flow))]);
}

function kindOf({ request, response, webSocket }: RecordedFlow): string {
  if (webSocket) return 'WebSocket';
  if (response?.status === 206) return `206 ${request.headers.folded('range')}`;
  return response?.status === 304 ? '304' : '';
}

/** A body that cannot be read is equal to none. */
function requestBodyKey(flow: RecordedFlow, { key }: Comparison): string {
  try {
    return key.body(subjectOf(flow, LARGEST_CONTENT));
  } catch {
    return `unread ${flow.number}`;
  }
}

/** The comparison for each entry, made once for all that are compared alike. */
function comparisons(policyOf: PolicyOf): (flow: RecordedFlow) => Comparison {
  const made = new Map<string, Comparison>();
  return (flow) => {
    const { headers, ignore } = policyOf(flow.request);
    const redacted = redactedOf(flow).filter((name) => canCount(name, headers));
    const id = JSON.stringify([headers, ignore, redacted]);
    let comparison = made.get(id);
    if (!comparison) {
      const key = requestKey(headers, new FacetPatterns([...ignore, ...redacted]), undefined);
      made.set(id, (comparison = { key, redacted }));
    }
    return comparison;
  };
}
