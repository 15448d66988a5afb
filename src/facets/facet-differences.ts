import type { Facet } from './facets';

/** A name whose facets are not the same on both sides; the values of several of one name are a list. */
export interface FacetDifference {
  readonly name: string;
  readonly left: readonly string[] | undefined;
  readonly right: readonly string[] | undefined;
}

/** What differs between two lists of facets, in the order of the left one, what only the right one has last. */
export function facetDifferences(left: readonly Facet[], right: readonly Facet[]): FacetDifference[] {
  const lefts = valuesByName(left);
  const rights = valuesByName(right);
  return [...new Set([...lefts.keys(), ...rights.keys()])]
    .map((name) => ({ name, left: lefts.get(name), right: rights.get(name) }))
    .filter((one) => !sameValues(one.left, one.right));
}

function valuesByName(facets: readonly Facet[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of facets) {
    const others = values.get(name);
    if (others) others.push(value);
    else values.set(name, [value]);
  }
  return values;
}

function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a?.length === b?.length && a?.every((value, i) => value === b?.[i]) === true;
}
