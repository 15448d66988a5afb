import type { Flow, Outcome, ReplayError } from 'replay-proxy';

/** How flows went; one flow can count for several. */
export interface Counts {
  /** Answered without upstream, from a recording or by an addon. */
  answered: number;
  /** Those of them that came from a recording. */
  replayed: number;
  /** Those of them whose dates were moved. */
  refreshed: number;
  /** Went to upstream, or tried to, whatever came of it. */
  forwarded: number;
  /** Written to a recording. */
  recorded: number;
  killed: number;
  /** An addon, upstream or the proxy itself went wrong. */
  failed: number;
  /** The client left before the end. */
  aborted: number;
  /** Was to leave although nothing may (`offline`). */
  refused: number;
  /** No recording answered. */
  missed: number;
}

/** Counts of nothing. */
export function noCounts(): Counts {
  return {
    answered: 0,
    replayed: 0,
    refreshed: 0,
    forwarded: 0,
    recorded: 0,
    killed: 0,
    failed: 0,
    aborted: 0,
    refused: 0,
    missed: 0,
  };
}

/** Adds a flow, and what became of it. */
export function count(counts: Counts, flow: Flow, outcome: Outcome): void {
  const { notes } = flow;
  if (outcome === 'replayed' || outcome === 'answered') counts.answered += 1;
  if (outcome === 'killed' || outcome === 'failed' || outcome === 'aborted') counts[outcome] += 1;
  if (outcome === 'replayed') counts.replayed += 1;
  if (outcome === 'replayed' && notes.includes('refreshed')) counts.refreshed += 1;
  if (hasLeft(flow)) counts.forwarded += 1;
  if (notes.includes('recorded')) counts.recorded += 1;
  if (isRefused(flow)) counts.refused += 1;
  if (flow.isMissed) counts.missed += 1;
}

/** Whether anything of it went to upstream. */
export function hasLeft({ contactedAt }: Flow): boolean {
  return contactedAt !== undefined;
}

/** Whether it was to leave although nothing may. */
export function isRefused({ error }: Flow): boolean {
  // By its code: the error may be of another copy of the package.
  return (error as Partial<ReplayError> | undefined)?.code === 'ERR_EGRESS';
}
