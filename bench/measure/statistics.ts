/** The middle of what was measured, and how far it lay apart. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Median, lowest and highest of `values`.
 * @throws RangeError when there is none
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [lowest] = sorted;
  if (lowest === undefined) throw new RangeError('no values to take the median of');
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
  return { median, lowest, highest: sorted.at(-1)! };
}

/**
 * Spread of the ratios of two measured in turns: each value over the one of the same round, so that what slows the machine for a while
 * weighs on both.
 * @throws RangeError when the rounds differ in number
 */
export function ratioOf(values: readonly number[], to: readonly number[]): Spread {
  if (values.length !== to.length) throw new RangeError(`${values.length} turns against ${to.length}`);
  return spreadOf(values.map((value, round) => value / to[round]!));
}
