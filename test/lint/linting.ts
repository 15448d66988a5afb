import { whyUnusable } from '../../addons/server-replay/usable';
import { lintRecording } from '../../src/lint/lint-recording';
import type { RecordedFlow } from '../../src/recording/recorded-flow';

/** When the entries of these tests were recorded, epoch milliseconds. */
export const THEN = Date.UTC(2026, 0, 2, 3, 4, 5);
/** A month later. */
export const NOW = Date.UTC(2026, 1, 2, 3, 4, 5);

/** What lint says about `flows`, numbered from 1: `kind #1 #2 place what | suggestion`; only of one kind, if that is given. */
export function linted(flows: readonly RecordedFlow[], only?: string): string[] {
  return lintRecording(
    flows.map((flow, i) => ({ ...flow, number: i + 1 })),
    { now: NOW, whyUnusable },
  )
    .filter(({ kind }) => only === undefined || kind === only)
    .map(({ kind, numbers, place, what, suggestion }) => {
      const named = numbers.map((number) => `#${number}`);
      return `${[kind, ...named, place, what].filter((part) => part !== '').join(' ')} | ${suggestion}`;
    });
}

/** A JSON Web Token with these claims; its signature is none. */
export function jwt(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
}
