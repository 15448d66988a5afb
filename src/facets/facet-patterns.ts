import { ConfigError } from '../errors';
import { remembered } from '../http/remembered';
import type { Facet } from './facets';

/** How much of a body rules can take away. */
export type BodyShare = 'all' | 'parts' | 'none';

interface Rule {
  /** The texts between the stars; one entry: no star. */
  readonly chunks: readonly RegExp[];
  readonly share: BodyShare;
}

/**
 * Names of facets, to be ignored or redacted. A name stands for all beneath it, `*` for any text, dots included, and `\` escapes both;
 * a dot stands for one inside a client's own name, too. Letters count as they are but after `header.`.
 */
export class FacetPatterns {
  readonly #rules: readonly Rule[];
  /** The few names that every request has, and those that come again and again, are judged once. */
  readonly #isCovered = remembered((name: string) => this.covers(name), 1000);
  /** How much of a body they can take away. */
  readonly body: BodyShare;

  /** @throws ConfigError for an empty name. */
  constructor(names: readonly string[]) {
    this.#rules = names.map(compile);
    const shares = this.#rules.map(({ share }) => share);
    this.body = shares.includes('all') ? 'all' : shares.includes('parts') ? 'parts' : 'none';
  }

  /** True when there are none, and every facet is kept. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether one of them stands for that name, or for one above it. */
  covers(name: string): boolean {
    return this.#rules.some(({ chunks }) => matches(chunks, name));
  }

  /** The facets that none of them stands for. */
  keep(facets: readonly Facet[]): readonly Facet[] {
    if (this.#rules.length === 0) return facets;
    return facets.filter(([name]) => !this.#isCovered(name));
  }
}

function compile(name: string): Rule {
  if (name === '')
    throw new ConfigError('a facet has no name; write one like query.utm_*, body.nonce or port');
  const tokens = (name.startsWith('header.') ? name.toLowerCase() : name).match(/\\?[^]/g) ?? [];
  const texts = [''];
  for (const token of tokens) {
    if (token === '*') texts.push('');
    else texts[texts.length - 1] += pattern(token);
  }
  const last = texts.length - 1;
  const chunks = texts
    .filter((text, i) => i === 0 || i === last || text !== '')
    .map((text, i, { length }) => {
      // What stands behind the last star may be followed by parts that lie beneath it.
      const end = i === length - 1 && (length === 1 || text !== '') ? '(?=$|\\.)' : '';
      return new RegExp(text + end, i === 0 ? 'sy' : 'sg');
    });
  return { chunks, share: matches(chunks, 'body') ? 'all' : reachesBody(tokens) ? 'parts' : 'none' };
}

function pattern(token: string): string {
  if (token === '.') return '\\\\?\\.';
  if (token === '\\.' || token === '\\*') return `\\\\\\${token.slice(1)}`;
  const plain = token.length === 2 ? token.slice(1) : token;
  return plain === '\\' ? '\\\\\\\\' : plain.replace(/[\^$+?()[\]{}|/]/, '\\$&');
}

/** Whether a name that begins with `body.` could match. */
function reachesBody(tokens: readonly string[]): boolean {
  const star = tokens.indexOf('*');
  const literal = tokens.slice(0, star === -1 ? undefined : star).join('');
  return literal.startsWith('body.') || (star !== -1 && 'body.'.startsWith(literal));
}

/** Each text at its first place behind the one before: one pass, however many stars there are. */
function matches(chunks: readonly RegExp[], name: string): boolean {
  let at = 0;
  return chunks.every((chunk) => {
    chunk.lastIndex = at;
    const found = chunk.test(name);
    at = chunk.lastIndex;
    return found;
  });
}
