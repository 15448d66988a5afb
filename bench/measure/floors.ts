import type { WorkResult } from './results';

/** A limit that a ratio of an earlier run has to keep. */
export interface Floor {
  readonly work: string;
  readonly of: string;
  readonly to?: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What came of holding results to floors, in sentences. */
export interface Checked {
  /** Floors not kept. */
  readonly broken: readonly string[];
  /** Floors that nothing was measured for. */
  readonly unmeasured: readonly string[];
}

/** Holds the medians of ratios to `floors`. */
export function checkFloors(works: readonly WorkResult[], floors: readonly Floor[]): Checked {
  const broken: string[] = [];
  const unmeasured: string[] = [];
  for (const floor of floors) {
    const { of, to, figure, atLeast = -Infinity, atMost = Infinity } = floor;
    const name = `${floor.work}: ${to === undefined ? of : `${of} / ${to}`}, ${figure}`;
    const found = works
      .find((work) => work.name === floor.work)
      ?.comparisons.find((one) => one.of === of && one.to === to && one.figure === figure);
    const ratio = found?.ratio.median;
    if (ratio === undefined) unmeasured.push(`${name} was not measured`);
    else if (!(ratio >= atLeast))
      broken.push(`${name} is ${ratio.toFixed(3)}, below its floor of ${atLeast}`);
    else if (!(ratio <= atMost)) broken.push(`${name} is ${ratio.toFixed(3)}, above its limit of ${atMost}`);
  }
  return { broken, unmeasured };
}
