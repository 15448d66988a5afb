import { type Finding, FINDING_KINDS } from './finding';

/** What one entry adds to a finding; `detail` is one of several things that may follow `what`. */
export interface Weakness extends Pick<Finding, 'kind' | 'place' | 'what' | 'suggestion' | 'setting'> {
  readonly detail?: string;
}

interface Group {
  readonly weakness: Weakness;
  readonly numbers: Set<number>;
  readonly details: Set<string>;
}

const MOST_DETAILS = 5;

/** Gathers weaknesses; those that differ in nothing but their entry and detail are one finding. */
export class Findings {
  readonly #groups = new Map<string, Group>();

  /** The entry `number` has this weakness. */
  add(number: number, weakness: Weakness): void {
    const { kind, place, what, suggestion, detail } = weakness;
    const key = JSON.stringify([kind, place, what, suggestion]);
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { weakness, numbers: new Set(), details: new Set() }));
    group.numbers.add(number);
    if (detail !== undefined) group.details.add(detail);
  }

  /** By kind, then by the first entry. */
  list(): Finding[] {
    const found = [...this.#groups.values()].map(({ weakness, numbers, details }) => {
      const { kind, place, what, suggestion, setting } = weakness;
      const sorted = [...numbers].sort((a, b) => a - b);
      return {
        kind,
        numbers: sorted,
        place,
        what: withDetails(what, [...details].sort()),
        suggestion,
        ...(setting && { setting }),
      };
    });
    return found.sort(
      (a, b) =>
        FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind) ||
        a.numbers[0]! - b.numbers[0]! ||
        (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
    );
  }
}

function withDetails(what: string, details: readonly string[]): string {
  if (details.length === 0) return what;
  const more = details.length > MOST_DETAILS ? ', …' : '';
  return `${what} ${details.slice(0, MOST_DETAILS).join(', ')}${more}`;
}
