import { shellQuote } from '../shell-quote';
import type { Remedy } from './miss';

/** Settings in both of their forms: facets to ignore, or a policy of reuse. */
export function remedyOf({ ignore = [], reuse }: { ignore?: readonly string[]; reuse?: string }): Remedy {
  const flags = ignore.map((name) => `--ignore ${shellQuote(name)}`);
  const keys = ignore.length > 0 ? [`ignore: [${ignore.map(literal).join(', ')}]`] : [];
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
