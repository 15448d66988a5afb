import { shellQuote } from '../shell-quote';
import type { Remedy } from './miss';

/** What is to be set. */
export interface RemedyInit {
  /** Facets to ignore. */
  readonly ignore?: readonly string[];
  /** Those that are ignored already: a list is set as a whole. */
  readonly before?: readonly string[];
  /** A policy of reuse. */
  readonly reuse?: string;
}

/** Settings in both of their forms. */
export function remedyOf({ ignore = [], before = [], reuse }: RemedyInit): Remedy {
  const all = ignore.length > 0 ? [...new Set([...before, ...ignore])] : [];
  const flags = all.map((name) => `--ignore ${shellQuote(name)}`);
  const keys = all.length > 0 ? [`ignore: [${all.map(literal).join(', ')}]`] : [];
  if (reuse !== undefined) {
    flags.push(`--reuse ${reuse}`);
    keys.push(`reuse: ${literal(reuse)}`);
  }
  return { ignore, flags: flags.join(' '), config: `replay: { ${keys.join(', ')} }` };
}

/** A text as TypeScript writes it. */
function literal(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}
