import { looksRandom } from './looks-random';
import { secretShape } from './secret-shape';

/** Nothing shorter is taken for a secret. */
const SHORTEST = 15;
const LONGEST = 64;
const INDEX = /^\d+$/;

/** The segments of a facet's name, still escaped: `body.a\.b.0` has `body`, `a\.b` and `0`. */
export function segmentsOf(name: string): string[] {
  const segments = [''];
  for (const [token] of name.matchAll(/(?:\\[^]|[^.\\])+|\.|\\/g)) {
    if (token === '.') segments.push('');
    else segments[segments.length - 1] += token;
  }
  return segments;
}

/** The name as it is told: the indexes of lists, and what is too long or could be a secret itself, are `*`. */
export function placeOf(name: string): string {
  const isQuery = name.startsWith('query.');
  return segmentsOf(name)
    .map((segment) => ((INDEX.test(segment) && !isQuery) || isUntold(segment) ? '*' : segment))
    .join('.');
}

/** A text that is part of a finding although it is the client's or the server's own: `…` when it could be a secret. */
export function toldText(text: string): string {
  return isUntold(text) ? '…' : text;
}

function isUntold(text: string): boolean {
  if (text.length > LONGEST) return true;
  return (
    text.length >= SHORTEST && (secretShape(text) !== undefined || text.split(/[^\w+/-]/).some(looksRandom))
  );
}
