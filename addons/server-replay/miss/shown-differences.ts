import { cutMiddle, cutValues, type Difference, type FacetDifference, type HttpRequest } from 'replay-proxy';
import { bodyExcerpt } from './body-excerpt';
import type { Compared } from './compared';

const SHOWN = 12;
/** Characters of a name, and of a rule that anybody would paste. */
export const LONGEST_NAME = 200;

/** One side of a comparison, and whose body says what its facets stand for. */
export interface ShownSide {
  readonly compared: Compared;
  readonly request: HttpRequest | undefined;
}

/** The first differences in a form for people, what is `asked` on the left, and how `more` there are. */
export function showDifferences(
  differences: readonly FacetDifference[],
  asked: ShownSide,
  recorded: ShownSide,
): { readonly differences: Difference[]; readonly more: number } {
  const shown = differences.slice(0, SHOWN).map(({ name, left, right }): Difference => {
    const [mine, theirs] = cutValues(
      textOf(name, left, asked.request),
      textOf(name, right, recorded.request),
    );
    const changedBy = [
      ...new Set([asked, recorded].flatMap(({ compared }) => compared.changedBy.get(name) ?? [])),
    ];
    return {
      facet: cutMiddle(name, LONGEST_NAME),
      ...(mine !== undefined && { asked: mine }),
      ...(theirs !== undefined && { recorded: theirs }),
      ...(changedBy.length > 0 && { changedBy }),
    };
  });
  return { differences: shown, more: differences.length - shown.length };
}

/** A body that is one facet has a digest for its value, which tells a person nothing. */
function textOf(
  name: string,
  values: readonly string[] | undefined,
  request: HttpRequest | undefined,
): string | undefined {
  const text = values?.join(', ');
  if (name !== 'body' || text === undefined || text.startsWith('(') || !request) return text;
  return text.startsWith('unknown') ? '(not kept)' : (bodyExcerpt(request) ?? text);
}
