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
  readonly #sessions = new Map<string, WeakMap<RecordedFlow, number>>();

  tryTake(session: string, entry: RecordedFlow, limit: number): boolean {
    const uses = this.uses(session, entry);
    if (uses >= limit) return false;
    this.#set(session, entry, uses + 1);
    return true;
  }

  giveBack(session: string, entry: RecordedFlow): void {
    this.#set(session, entry, Math.max(0, this.uses(session, entry) - 1));
  }

  uses(session: string, entry: RecordedFlow): number {
    return this.#sessions.get(session)?.get(entry) ?? 0;
  }

  #set(session: string, entry: RecordedFlow, uses: number): void {
    let counts = this.#sessions.get(session);
    if (!counts) this.#sessions.set(session, (counts = new WeakMap()));
    counts.set(entry, uses);
  }
}
