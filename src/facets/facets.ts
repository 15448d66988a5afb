import { parsePairs, splitPath } from '../http/query';
import type { HttpRequest } from '../http/request';

const PLAIN_HOST = /^[a-z0-9.-]+$/;

/** One named piece of what makes two requests the same: `['query.page', '2']`. Dots, stars and backslashes inside a name are escaped by `\`. */
export type Facet = readonly [name: string, value: string];

/** The name of a facet beneath another: `facetName('query', 'a.b')` is `query.a\.b`. */
export function facetName(parent: string, name: string): string {
  return `${parent}.${/[\\.*]/.test(name) ? name.replace(/[\\.*]/g, '\\$&') : name}`;
}

/** The segments of a facet's name, still escaped: `body.a\.b.0` has `body`, `a\.b` and `0`. */
export function segmentsOf(name: string): string[] {
  const segments = [''];
  for (const [token] of name.matchAll(/(?:\\[^]|[^.\\])+|\.|\\/g)) {
    if (token === '.') segments.push('');
    else segments[segments.length - 1] += token;
  }
  return segments;
}

/** The facets of everything but the body; of the header fields only `headers`, lower-case names, count. */
export function headFacets(request: HttpRequest, headers: readonly string[]): Facet[] {
  const { path, query } = splitPath(request.path);
  const facets: Facet[] = [
    ['scheme', request.scheme],
    ['method', request.method.toUpperCase()],
    ['host', hostOf(request)],
    ['port', String(request.port)],
    ['path', path || '/'],
    ...queryFacets(query ?? ''),
  ];
  for (const name of headers) {
    const value = request.headers.folded(name);
    if (value !== undefined) facets.push([facetName('header', name), value]);
  }
  return facets;
}

/** One text for a list of facets, equal for equal lists; the order counts only among facets of one name. */
export function joinFacets(facets: readonly Facet[]): string {
  return (
    facets
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, value]) => `${name.length} ${value.length} ${name}${value}`)
      // Not by +, which would keep all the pieces.
      .join('')
  );
}

function queryFacets(query: string): Facet[] {
  return parsePairs(query).map(([name, value]) => [facetName('query', name), value]);
}

/** The host that the client named (RFC 9110 §7.2), not where its connection went. */
export function hostOf({ headers, host }: HttpRequest): string {
  const named = headers.get('host')?.trim() || host;
  if (PLAIN_HOST.test(named)) return named;
  const bracketed = /^\[([^\]]*)\]/.exec(named)?.[1];
  // Colons without brackets: an address without a port.
  const name = bracketed ?? (/:.*:/s.test(named) ? named : named.replace(/:\d*$/, ''));
  return name.toLowerCase();
}
