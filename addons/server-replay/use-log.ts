import type { RecordedFlow } from 'replay-proxy';

interface Use {
  count: number;
  /** Epoch milliseconds of the last one. */
  at: number;
}

/** Which entries have answered, for whom, and when last, as far as it happened in this process. */
export class UseLog {
  readonly #uses = new WeakMap<RecordedFlow, Map<string, Use>>();

  note(session: string, entry: RecordedFlow, at: number): void {
    let sessions = this.#uses.get(entry);
    if (!sessions) this.#uses.set(entry, (sessions = new Map()));
    const use = sessions.get(session);
    if (use) {
      use.count += 1;
      use.at = at;
    } else sessions.set(session, { count: 1, at });
  }

  /** Takes one use back. */
  takeBack(session: string, entry: RecordedFlow): void {
    const sessions = this.#uses.get(entry);
    const use = sessions?.get(session);
    if (use && --use.count === 0) sessions?.delete(session);
  }

  /** Whether it has answered anybody. */
  isUsed(entry: RecordedFlow): boolean {
    return (this.#uses.get(entry)?.size ?? 0) > 0;
  }

  /** Epoch milliseconds; undefined when the session has not used it. */
  lastUse(session: string, entry: RecordedFlow): number | undefined {
    return this.#uses.get(entry)?.get(session)?.at;
  }
}
