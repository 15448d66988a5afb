import type { RecordedFlow } from 'replay-proxy';
import { type Claims, MemoryClaims } from './claims';
import { limitOf, type Reuse } from './reuse';
import { Spent } from './spent';
import { UseLog } from './use-log';

/** What each session has consumed of the recordings: its claims, and what this process remembers of them. */
export class Consumption {
  readonly #claims: Claims;
  readonly #spent = new Spent();
  readonly #log = new UseLog();
  readonly #now: () => number;

  constructor(claims: Claims = new MemoryClaims(), now: () => number = Date.now) {
    this.#claims = claims;
    this.#now = now;
  }

  /** How often the session has used an entry. */
  uses(session: string, entry: RecordedFlow): number {
    return this.#claims.uses(session, entry);
  }

  /** So many entries at the start of `list` are used by the session. */
  spent(session: string, list: readonly RecordedFlow[]): number {
    return this.#spent.of(list, session, (entry) => this.uses(session, entry));
  }

  /** One more use, if `reuse` allows it and no other request was faster. */
  tryTake(session: string, entry: RecordedFlow, reuse: Reuse): boolean | Promise<boolean> {
    const limit = limitOf(entry, reuse, (one) => this.uses(session, one));
    const isTaken = this.#claims.tryTake(session, entry, limit);
    if (typeof isTaken === 'boolean') return this.#noted(isTaken, session, entry);
    return isTaken.then((settled) => this.#noted(settled, session, entry));
  }

  #noted(isTaken: boolean, session: string, entry: RecordedFlow): boolean {
    if (isTaken) this.#log.note(session, entry, this.#now());
    return isTaken;
  }

  /** Takes one use back: its answer did not reach the client. */
  async giveBack(session: string, entry: RecordedFlow): Promise<void> {
    this.#log.takeBack(session, entry);
    await this.#claims.giveBack(session, entry);
    // Not before: who asked meanwhile has seen it used.
    this.#spent.forget();
  }

  /** Whether the entry has answered any session here. */
  isUsed(entry: RecordedFlow): boolean {
    return this.#log.isUsed(entry);
  }

  /** Epoch milliseconds; undefined when the session has not used the entry here. */
  lastUse(session: string, entry: RecordedFlow): number | undefined {
    return this.#log.lastUse(session, entry);
  }
}
