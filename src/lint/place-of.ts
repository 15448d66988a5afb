import { segmentsOf } from '../facets/facets';
import { looksRandom } from './looks-random';
import { secretShape } from './secret-shape';

/** Nothing shorter is taken for a secret. */
const SHORTEST = 15;
const LONGEST = 64;
const INDEX = /^\d+$/;

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
