import type { RecordedFlow } from 'replay-proxy';

/** Remembers how far a session has used up lists of equal requests, so that a long list is not searched from its start each time. */
export class Spent {
  #lengths = new WeakMap<readonly RecordedFlow[], Map<string, number>>();

  /** So many entries at the start of `list` are used. */
  of(list: readonly RecordedFlow[], session: string, uses: (entry: RecordedFlow) => number): number {
    let lengths = this.#lengths.get(list);
    if (!lengths) this.#lengths.set(list, (lengths = new Map()));
    let length = lengths.get(session) ?? 0;
    while (length < list.length && uses(list[length]!) > 0) length += 1;
    lengths.set(session, length);
    return length;
  }

  /** An entry was given back. */
  forget(): void {
    this.#lengths = new WeakMap();
  }
}
