import type { RecordedFlow } from 'replay-proxy';

/** Who has used which entry. Each call is one atomic step, so that two requests at once never share an entry. */
export interface Claims {
  /** Counts one more use of `entry` by `session`, unless there are `limit` already: then false. */
  tryTake(session: string, entry: RecordedFlow, limit: number): boolean | Promise<boolean>;
  /** Takes one use back: its answer did not reach the client. */
  giveBack(session: string, entry: RecordedFlow): void | Promise<void>;
  /** How often `session` has used `entry`, as far as is known here. */
  uses(session: string, entry: RecordedFlow): number;
}

/** Claims of one process. */
export class MemoryClaims implements Claims {
  // By entry first: there are fewer entries than sessions that may come and go.
  readonly #counts = new WeakMap<RecordedFlow, Map<string, number>>();

  tryTake(session: string, entry: RecordedFlow, limit: number): boolean {
    const uses = this.uses(session, entry);
    if (uses >= limit) return false;
    let counts = this.#counts.get(entry);
    if (!counts) this.#counts.set(entry, (counts = new Map()));
    counts.set(session, uses + 1);
    return true;
  }

  giveBack(session: string, entry: RecordedFlow): void {
    const counts = this.#counts.get(entry);
    const uses = counts?.get(session) ?? 0;
    if (uses > 1) counts?.set(session, uses - 1);
    else counts?.delete(session);
  }

  uses(session: string, entry: RecordedFlow): number {
    return this.#counts.get(entry)?.get(session) ?? 0;
  }
}
