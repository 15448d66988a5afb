import { ConfigError } from '../errors';

/** What names of facets begin with, unless `identify` taps make others. */
const ROOTS = ['scheme', 'method', 'host', 'port', 'path', 'query', 'header', 'body'];
const SHORTEST_SLIP = 3;

/**
 * Refuses ignored names that no facet can have.
 * @throws ConfigError naming the first, and the nearest right one.
 */
export function refuseUnknownRoots(names: readonly string[]): void {
  for (const name of names) {
    const root = /^[^.*]*/.exec(name)![0];
    if (name[root.length] === '*' ? ROOTS.some((one) => one.startsWith(root)) : ROOTS.includes(root))
      continue;
    const meant = nearest(root.toLowerCase());
    const hint =
      meant === undefined
        ? `names begin with ${ROOTS.slice(0, 5).join(', ')}, query., header. or body`
        : `did you mean ${meant}${name.slice(root.length)}?`;
    throw new ConfigError(`ignored name ${JSON.stringify(name)} is no facet; ${hint}`);
  }
}

function nearest(root: string): string | undefined {
  return ROOTS.find((one) => root.startsWith(one) || (root.length >= SHORTEST_SLIP && one.startsWith(root)));
}
