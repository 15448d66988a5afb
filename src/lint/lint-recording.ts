import type { RecordedFlow } from '../recording/recorded-flow';
import { findDifferentAnswers } from './different-answers';
import type { PolicyOf } from './equal-requests';
import { findExpiredCookies } from './expired-cookies';
import { findExpiredTokens } from './expired-tokens';
import type { Finding } from './finding';
import { Findings } from './findings';
import { findPlainSecrets } from './plain-secrets';
import { Reading } from './reading';
import { findUnusable, type JudgeUsable } from './unusable-entries';
import { VolatileValues } from './volatile-values';

/** What the weak spots of a recording depend on, beside the recording. */
export interface LintOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Says of an entry why it can never answer. */
  readonly whyUnusable: JudgeUsable;
  /** How requests are compared, and whether an entry may answer more than once. By all facets, and once, unless told. */
  readonly policyOf?: PolicyOf;
}

const PLAIN = { headers: [], ignore: [], reuse: 'never' } as const;

/** The weak spots of a recording, whose flows are in recorded order: what will not replay as it was recorded, and what should not be in it. */
export function lintRecording(
  flows: readonly RecordedFlow[],
  { now, whyUnusable, policyOf = () => PLAIN }: LintOptions,
): Finding[] {
  const found = new Findings();
  const values = new VolatileValues();
  for (const flow of flows.toReversed()) {
    const reading = new Reading(flow, policyOf(flow.request).ignore);
    findUnusable(reading, whyUnusable, found);
    findExpiredCookies(reading, now, found);
    findExpiredTokens(reading, now, found);
    findPlainSecrets(reading, found);
    values.look(reading);
  }
  values.tell(found);
  findDifferentAnswers(
    flows.filter((flow) => whyUnusable(flow) === undefined && policyOf(flow.request).reuse === 'never'),
    policyOf,
    found,
  );
  return found.list();
}
