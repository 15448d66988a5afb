/** Who begins in a round: everyone in turn, so that nobody is always the first or always after the same. */
export function orderOf<T>(entrants: readonly T[], round: number): T[] {
  const first = entrants.length === 0 ? 0 : round % entrants.length;
  return [...entrants.slice(first), ...entrants.slice(0, first)];
}
