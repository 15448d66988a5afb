import { jwtsIn } from './jwt';

/** What each of the shapes has in it. */
const HINT = /PRIVATE KEY-----|A[KS]IA|gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|k_live_|sk-|eyJ/;
/** Shapes that issuers gave their secrets so that they can be found; each pattern is bounded. */
const SHAPES: readonly (readonly [noun: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY-----/],
  ['an AWS access key', /(?<![A-Za-z0-9])A[KS]IA[0-9A-Z]{16}(?![A-Za-z0-9])/],
  ['a GitHub token', /(?<!\w)(?:gh[oprsu]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})(?!\w)/],
  ['a GitLab token', /(?<!\w)glpat-[\w-]{20,255}/],
  ['a Slack token', /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,255}/],
  ['a Stripe key', /(?<!\w)[rs]k_live_[A-Za-z0-9]{16,255}/],
];
/** Names of styles begin so, too: what follows has to be long and mixed. */
const SK = /(?<![\w-])sk-(?:[a-z0-9]{1,12}-){0,3}([A-Za-z0-9_-]{20,255})/g;

/** What a text holds that has the shape of a well-known secret, as a noun phrase; undefined when there is none. */
export function secretShape(text: string): string | undefined {
  if (!HINT.test(text)) return undefined;
  for (const [noun, pattern] of SHAPES) if (pattern.test(text)) return noun;
  for (const [, key] of text.matchAll(SK)) if (/\d/.test(key!) && /[A-Z]/.test(key!)) return 'an API key';
  return jwtsIn(text).length > 0 ? 'a JSON Web Token' : undefined;
}
