import { ConfigError, FILTER_WORDS, isFilter, isToken, type RequestFilter } from 'replay-proxy';
import type { z as Zod } from 'zod';
import type { ReplayRule } from './policy';
import { REUSES, type Reuse } from './reuse';
import type { Source } from './sources';

/** What ServerReplay answers from, and what it compares; can be changed while the proxy runs. */
export interface ReplayValues {
  /** Recordings, one after the other. */
  readonly from: readonly Source[];
  /** Names of request header fields that have to match too. */
  readonly headers: readonly string[];
  /** Names of facets that need not match, `query.utm_*`, `body.nonce`. */
  readonly ignore: readonly string[];
  /** What happens when there are more equal requests than entries: `never` uses any twice unless told. */
  readonly reuse: Reuse;
  /**
   * How fast recorded streams and WebSockets are replayed: 1 with the recorded gaps, 2 twice as fast, 0.5 half as fast; 0 at once, without
   * gaps, unless told.
   */
  readonly speed: number;
  /** Other ways for some requests; the first rule that is for a request counts. */
  readonly rules: readonly ReplayRule[];
  /** Whether an entry that a session recorded answers that session only; off, all see all. */
  readonly sessions: boolean;
}

export const DEFAULTS: ReplayValues = {
  from: [],
  headers: [],
  ignore: [],
  reuse: 'never',
  speed: 0,
  rules: [],
  sessions: true,
};

const SPEED = 'a number, 0 or above';
const RULE_KEYS: readonly (keyof ReplayRule)[] = ['match', 'headers', 'ignore', 'reuse'];

/**
 * The zod schema of the options; its messages complete the sentence "KEY is VALUE, but must be …". Loads zod, which takes 55 ms, when first
 * asked.
 */
export function serverReplaySchema() {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- not before it is needed
  const { z } = require('zod') as { z: typeof Zod };
  const source = z.custom<Source>(isSource, 'a file name, a recording or a list of recorded flows');
  const header = z.string('a header name').refine(isToken, 'a header name');
  const facet = z.string('a facet name').min(1, 'a facet name');
  const headers = z.array(header, 'a list of header names');
  const ignore = z.array(facet, 'a list of facet names');
  const reuse = z.enum(REUSES, `${REUSES.slice(0, -1).join(', ')} or ${REUSES.at(-1)}`);
  const rule = z.strictObject(
    {
      match: z.custom<RequestFilter>(isFilter, FILTER_WORDS).optional(),
      headers: headers.readonly().optional(),
      ignore: ignore.readonly().optional(),
      reuse: reuse.optional(),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'a rule, { match, ignore, headers, reuse }' : undefined,
    },
  );
  return z.strictObject({
    from: z.array(source, 'a list of recordings').default([]),
    headers: headers.default([]),
    ignore: ignore.default([]),
    reuse: reuse.default('never'),
    speed: z.number(SPEED).min(0, SPEED).default(0),
    rules: z.array(rule, 'a list of rules').default([]),
    sessions: z.boolean('true or false').default(true),
  });
}

/** Checks a whole set of values. */
export const replayOptionsSchema = {
  /** @throws ConfigError that says in one line which option is wrong and what it must be. */
  parse(values: unknown): ReplayValues {
    const result = serverReplaySchema().safeParse(values);
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    if (issue.code === 'unrecognized_keys') {
      const known = issue.path.length === 0 ? Object.keys(DEFAULTS) : RULE_KEYS;
      const key = [...issue.path, issue.keys[0]].join('.');
      throw new ConfigError(`option ${key} is unknown; there are ${known.join(', ')}`);
    }
    const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], values);
    throw new ConfigError(
      `option ${issue.path.join('.')} is ${JSON.stringify(given) ?? String(given)}, but must be ${issue.message}`,
    );
  },
};

function isSource(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return Array.isArray(value) || Array.isArray((value as { flows?: unknown } | null)?.flows);
}
