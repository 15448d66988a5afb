import {
  type Facet,
  FacetPatterns,
  facetsOf,
  type HttpRequest,
  type Subject,
  waterfallSteps,
} from 'replay-proxy';
import type { ServerReplayHooks } from '../hooks';
import type { Policy } from '../policy';

/** One side of a comparison in the facets that count, and who made them so. */
export interface Compared {
  readonly facets: readonly Facet[];
  /** The kind of its body, if any of it counts: two kinds are never equal. */
  readonly kind: string | undefined;
  /** Names of `identify` taps that changed a facet, by the facet's name. */
  readonly changedBy: ReadonlyMap<string, readonly string[]>;
}

/** The facets of `subject` that count under `policy` when `redacted` is ignored too, after all `identify` taps. */
export function compared(
  subject: Subject,
  policy: Policy,
  redacted: readonly string[],
  identify: ServerReplayHooks['identify'] | undefined,
): Compared {
  const { request, content } = subject;
  const plain: readonly Facet[] = facetsOf(subject, policy.headers);
  const { facets, changedBy } = identify?.taps.length
    ? identified(plain, request, identify)
    : { facets: plain, changedBy: new Map<string, string[]>() };
  const kept = new FacetPatterns([...policy.ignore, ...redacted]).keep(facets);
  const kind = kept.some(([name]) => /^body(?:\.|$)/.test(name)) ? content?.kind : undefined;
  return { facets: kept, kind, changedBy };
}

function identified(plain: readonly Facet[], request: HttpRequest, identify: ServerReplayHooks['identify']) {
  const changedBy = new Map<string, string[]>();
  const steps = waterfallSteps<Facet[]>(identify, [...plain], [request.clone()], (facets) => [...facets]);
  for (const { by, before, after } of steps) {
    for (const name of changedNames(before, after)) changedBy.set(name, [...(changedBy.get(name) ?? []), by]);
  }
  return { facets: steps.at(-1)?.after ?? plain, changedBy };
}

/** Names whose facets are not the same before and after. */
function changedNames(before: readonly Facet[], after: readonly Facet[]): Set<string> {
  const textOf = (facets: readonly Facet[]) => new Set(facets.map((facet) => JSON.stringify(facet)));
  const [old, now] = [textOf(before), textOf(after)];
  const changed = [
    ...before.filter((facet) => !now.has(JSON.stringify(facet))),
    ...after.filter((facet) => !old.has(JSON.stringify(facet))),
  ];
  return new Set(changed.map(([name]) => name));
}
