import type { Outcome } from '../core/flow';
import type { Addon, MitmProxy } from '../proxy';

/** Counts how flows ended, for the line at the end of a run. */
export class Summary implements Addon {
  readonly name = 'replay: summary';
  readonly #counts: Record<Outcome, number> = {
    replayed: 0,
    answered: 0,
    forwarded: 0,
    killed: 0,
    failed: 0,
    aborted: 0,
  };
  #refreshed = 0;

  apply(proxy: MitmProxy): void {
    proxy.hooks.complete.tap(this.name, ({ outcome = 'failed', notes }) => {
      this.#counts[outcome] += 1;
      if (outcome === 'replayed' && notes.includes('refreshed')) this.#refreshed += 1;
    });
  }

  /** One line; `replay` is who knows how many entries there were and are left. */
  line(replay?: { readonly entries: readonly unknown[]; readonly remaining: number }): string {
    const { replayed, answered, forwarded, killed, failed, aborted } = this.#counts;
    const counts = [
      `${replayed + answered} answered (${this.#refreshed} refreshed)`,
      `${forwarded} forwarded`,
      `${killed} killed`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(aborted > 0 ? [`${aborted} aborted`] : []),
    ];
    const left = replay?.entries.length
      ? `; ${replay.remaining} of ${replay.entries.length} entries left`
      : '';
    return counts.join(', ') + left;
  }
}
