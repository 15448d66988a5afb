import type { Comparison, Conditions, Figure, Turn, Work } from '../work';
import { ratioOf, spreadOf, type Spread } from './statistics';

/** What one entrant came to, turn by turn. */
export interface EntrantResult {
  readonly name: string;
  readonly version: string;
  readonly turns: readonly Turn[];
  /** By figure. */
  readonly spread: Readonly<Record<string, Spread>>;
}

/** A comparison and what it came to. */
export interface ComparisonResult extends Comparison {
  /** Of the one to the other, or the figure itself where there is no other. */
  readonly ratio: Spread;
  /** Undefined without a goal. */
  readonly met?: boolean;
}

/** All of one work. */
export interface WorkResult {
  /** When it was begun, ISO 8601. */
  readonly at: string;
  readonly name: string;
  readonly title: string;
  readonly conditions: Conditions;
  readonly figures: readonly Figure[];
  readonly entrants: readonly EntrantResult[];
  readonly comparisons: readonly ComparisonResult[];
}

/** What is known of the machine. */
export type Machine = Readonly<Record<string, string>>;

/** What was measured on one machine. */
export interface Results {
  readonly machine: Machine;
  readonly works: readonly WorkResult[];
}

/**
 * Sums up the turns of a work. Comparisons with someone who was not there are left out, and so are figures that this system cannot
 * give.
 */
export function resultOf(
  at: string,
  work: Omit<Work, 'entrants'>,
  measured: readonly { name: string; version: string; turns: readonly Turn[] }[],
): WorkResult {
  const figures = work.figures.filter(({ name }) =>
    measured.every(({ turns }) => turns.every((turn) => Number.isFinite(turn[name]))),
  );
  const valuesOf = (name: string, figure: string) =>
    measured.find((entrant) => entrant.name === name)?.turns.map((turn) => turn[figure]!);
  return {
    at,
    name: work.name,
    title: work.title,
    conditions: work.conditions,
    figures,
    entrants: measured.map((entrant) => ({
      ...entrant,
      spread: Object.fromEntries(figures.map(({ name }) => [name, spreadOf(valuesOf(entrant.name, name)!)])),
    })),
    comparisons: work.comparisons.flatMap((comparison) => {
      const { of, to, figure } = comparison;
      const values = valuesOf(of, figure);
      const others = to === undefined ? values?.map(() => 1) : valuesOf(to, figure);
      const isKnown = figures.some(({ name }) => name === figure);
      if (!isKnown || values === undefined || others === undefined) return [];
      const ratio = ratioOf(values, others);
      return [{ ...comparison, ratio, ...metBy(ratio.median, comparison) }];
    }),
  };
}

function metBy(ratio: number, { atLeast, atMost }: Comparison): { met?: boolean } {
  if (atLeast === undefined && atMost === undefined) return {};
  return { met: ratio >= (atLeast ?? -Infinity) && ratio <= (atMost ?? Infinity) };
}

/**
 * What was measured now, and of `earlier` what was not measured again, in the order of `names`. Nothing is kept of another machine
 * or of other versions.
 */
export function merged(earlier: Results | undefined, now: Results, names: readonly string[]): Results {
  const isSame = earlier !== undefined && JSON.stringify(earlier.machine) === JSON.stringify(now.machine);
  const known = [...now.works, ...(isSame ? earlier.works : [])];
  return { ...now, works: names.flatMap((name) => known.find((work) => work.name === name) ?? []) };
}
