import { type Flow, type Outcome, type Redaction, shortened } from 'replay-proxy';
import { count, type Counts, hasLeft, isRefused, noCounts } from './counts';
import { type FlowSummary, type Report, summaryOf } from './report';

/** Flows that a list keeps. */
export const KEPT = 1000;

/** What is kept of flows, by what became of them. */
export interface Lists extends Record<'forwarded' | 'killed' | 'failed' | 'refused', FlowSummary[]> {
  readonly missed: Report['missed'][number][];
}

/** What became of flows: counted exactly, and the first of each kind in lists. */
export class Account {
  readonly counts: Counts = noCounts();
  readonly sessions = new Map<string, Counts>();
  readonly lists: Lists = { missed: [], forwarded: [], killed: [], failed: [], refused: [] };
  readonly #redaction: Redaction;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /** One more flow, with what became of it, or is about to. */
  add(flow: Flow, outcome: Outcome): void {
    let session = this.sessions.get(flow.session);
    if (!session) this.sessions.set(flow.session, (session = noCounts()));
    count(this.counts, flow, outcome);
    count(session, flow, outcome);
    const { missed, forwarded, killed, failed, refused } = this.lists;
    const keep = (list: FlowSummary[]) => {
      if (list.length < KEPT) list.push(summaryOf(flow, outcome, this.#redaction));
    };
    if (hasLeft(flow)) keep(forwarded);
    if (outcome === 'killed') keep(killed);
    if (outcome === 'failed') keep(failed);
    if (isRefused(flow)) keep(refused);
    if (!flow.isMissed || missed.length >= KEPT) return;
    const { miss } = flow;
    missed.push({
      ...summaryOf(flow, outcome, this.#redaction),
      ...(miss && { miss: shortened(this.#redaction.miss(miss)) }),
    });
  }

  /** The same once more, to be added to without touching this one. */
  copy(): Account {
    const copy = new Account(this.#redaction);
    Object.assign(copy.counts, this.counts);
    for (const [name, counts] of this.sessions) copy.sessions.set(name, { ...counts });
    for (const key of Object.keys(this.lists) as (keyof Lists)[]) copy.lists[key].push(...this.lists[key]);
    return copy;
  }
}
