import type { RecordedFlow } from 'replay-proxy';

/** What can happen when there are more equal requests than entries for them. */
export const REUSES = ['never', 'first', 'last', 'hold', 'cycle'] as const;

/**
 * `never`: each entry answers once · `first`, `last`: always that one · `hold`: each in order, then the last again and again ·
 * `cycle`: each in order, then all over again.
 */
export type Reuse = (typeof REUSES)[number];

/** What is known about entries. */
export interface Usage {
  /** Whether the entry can answer. */
  isOpen(entry: RecordedFlow): boolean;
  /** How often it has answered. */
  uses(entry: RecordedFlow): number;
  /** So many at the start have answered for certain. */
  readonly spent: number;
}

/** The entry whose turn it is; undefined when there is none. */
export function nextOf(
  entries: readonly RecordedFlow[],
  reuse: Reuse,
  { isOpen, uses, spent }: Usage,
): RecordedFlow | undefined {
  if (reuse === 'first') return entries.find(isOpen);
  if (reuse === 'last') return entries.findLast(isOpen);
  for (let i = spent; i < entries.length; i += 1) {
    const entry = entries[i]!;
    if (uses(entry) === 0 && isOpen(entry)) return entry;
  }
  if (reuse === 'cycle') return leastUsed(entries, isOpen, uses);
  return reuse === 'hold' ? entries.findLast(isOpen) : undefined;
}

/** How often an entry that was just chosen may be used in all: the limit of its claim. */
export function limitOf(entry: RecordedFlow, reuse: Reuse, uses: Usage['uses']): number {
  if (reuse === 'never') return 1;
  if (reuse === 'cycle') return uses(entry) + 1;
  return reuse === 'hold' && uses(entry) === 0 ? 1 : Infinity;
}

function leastUsed(
  entries: readonly RecordedFlow[],
  isOpen: Usage['isOpen'],
  uses: Usage['uses'],
): RecordedFlow | undefined {
  let least: RecordedFlow | undefined;
  let count = Infinity;
  for (const entry of entries) {
    const used = uses(entry);
    if (used < count && isOpen(entry)) [least, count] = [entry, used];
  }
  return least;
}
