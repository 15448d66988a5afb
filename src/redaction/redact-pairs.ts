import { facetName } from '../facets/facets';
import { decodeComponent } from '../http/query';
import { REDACTED } from './redacted-values';

/** Whether what a facet says has to go. */
export type Takes = (facet: string) => boolean;

/** `a=1&b=2` with the values that have to go replaced, the rest byte for byte; `parent` is what the facets' names begin with. */
export function redactPairs(text: string, parent: string, takes: Takes): string {
  return text
    .split('&')
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return pair !== '' && takes(facetName(parent, decodeComponent(name))) ? `${name}=${REDACTED}` : pair;
    })
    .join('&');
}

/** A request path whose query has the values that have to go replaced. */
export function redactPath(path: string, takes: Takes): string {
  const mark = path.indexOf('?');
  if (mark === -1) return path;
  const hash = path.indexOf('#', mark);
  const end = hash === -1 ? path.length : hash;
  return path.slice(0, mark + 1) + redactPairs(path.slice(mark + 1, end), 'query', takes) + path.slice(end);
}
