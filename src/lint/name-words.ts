const LONGEST = 100;

/** The words of a name, lower-case: `accessToken`, `access_token` and `X-Access-Token` have `access token`, numbers are words of their own; none of a name over 100 characters. */
export function wordsOf(name: string): string[] {
  if (name.length > LONGEST) return [];
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Za-z])(?=\d)/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
