import { type FacetDifference, facetDifferences, segmentsOf } from 'replay-proxy';
import type { Compared } from './compared';

/** How far an entry is from a request. */
export interface Distance {
  /** What differs, asked on the left, recorded on the right. */
  readonly differences: readonly FacetDifference[];
  /** One for each facet that differs, more for those that seldom differ by chance. */
  readonly cost: number;
}

/** What a difference in a facet counts; any other counts 1. */
const COSTS: Readonly<Record<string, number>> = { method: 6, host: 5, path: 8, body: 3 };
const KINDS: Readonly<Record<string, string>> = { json: '(JSON)', form: '(a form)', bytes: '(plain bytes)' };
/** Paths that have less in common say nothing of each other. */
const LEAST_LIKENESS = 0.5;

/** How far `recorded` is from `asked`; undefined when they have too little in common to be worth telling. */
export function distance(asked: Compared, recorded: Compared): Distance | undefined {
  const differences = facetDifferences(asked.facets, recorded.facets);
  const isOfTwoKinds = asked.kind && recorded.kind && asked.kind !== recorded.kind;
  if (isOfTwoKinds && !differences.some(({ name }) => name === 'body'))
    differences.push({ name: 'body', left: [KINDS[asked.kind]!], right: [KINDS[recorded.kind]!] });
  let cost = 0;
  for (const { name, left, right } of differences) {
    const likeness = name === 'path' ? likenessOf(left?.[0] ?? '', right?.[0] ?? '') : 0;
    if (name === 'path' && likeness < LEAST_LIKENESS) return undefined;
    cost += (COSTS[name] ?? 1) * (1 - likeness / 2);
  }
  const isElsewhere = ['host', 'path'].every((name) => differences.some((one) => one.name === name));
  return isElsewhere ? undefined : { differences, cost };
}

/** How much of two texts is the same at their two ends, from 0 to 1. */
function likenessOf(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return (head + tail) / Math.max(a.length, b.length);
}

/** Facets that can be ignored without making all requests the same. */
const NOT_TO_IGNORE = ['method', 'path'];
/** Rules that a person pastes gladly. */
const MOST_RULES = 5;

/**
 * The facets whose absence would make both sides equal, as ignore rules: none when that would take more than a person wants to
 * ignore.
 */
export function ignorable(asked: Compared, recorded: Compared, { differences }: Distance): string[] {
  const names = differences.map(({ name }) => name);
  if (names.some((name) => NOT_TO_IGNORE.includes(name))) return [];
  const others = names.filter((name) => !isOfBody(name));
  const ofBody = names.filter(
    (name) => isOfBody(name) && !names.some((other) => name.startsWith(`${other}.`)),
  );
  if (asked.kind && recorded.kind && asked.kind !== recorded.kind) return [...others, 'body'];
  if (ofBody.length <= MOST_RULES) return [...others, ...ofBody];
  return [...others, commonParent(ofBody)];
}

function isOfBody(name: string): boolean {
  return name === 'body' || name.startsWith('body.');
}

/** The name that all of these lie beneath. */
function commonParent(names: readonly string[]): string {
  const [first = [], ...others] = names.map(segmentsOf);
  const differs = first.findIndex((part, i) => others.some((other) => other[i] !== part));
  return first.slice(0, differs === -1 ? undefined : differs).join('.');
}
