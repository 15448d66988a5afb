import {
  entryName,
  type Miss,
  type RecordedFlow,
  type Remedy,
  remedyOf,
  type UnfitEntry,
  type UsedEntries,
} from 'replay-proxy';
import { whyNot } from '../candidates';
import { whyUnusable } from '../usable';
import { type Advice, onlySome, otherSession, UNUSABLE } from './advice';
import type { Question } from './question';
import { rank, type Ranked } from './rank';

const SHOWN = 3;
const OTHERS = 'of other sessions';

/** Says why nothing answers a request. */
export function explainMiss(question: Question): Miss {
  const { request, session, matching, sources, declinedBy } = question;
  const used = usedOf(matching, question);
  const unfit = unfitOf(matching, question);
  const isMatched = matching.length > 0 || unfit.length > 0;
  const reason = reasonOf(declinedBy !== undefined, used !== undefined, isMatched);
  const ranked = isMatched ? [] : rank(question);
  const remedy = remedyFor(ranked, reason === 'used up', question);
  return {
    method: request.method,
    url: request.url,
    session,
    reason,
    sources,
    entries: question.entries,
    unfit,
    nearest: ranked.slice(0, SHOWN).map(({ near }) => near),
    ...(used && { used }),
    ...(declinedBy !== undefined && { declinedBy }),
    ...(remedy && { remedy }),
  };
}

function reasonOf(isDeclined: boolean, isUsedUp: boolean, isMatched: boolean): Miss['reason'] {
  if (isDeclined) return 'declined';
  if (isUsedUp) return 'used up';
  return isMatched ? 'no candidate' : 'never recorded';
}

function usedOf(matching: readonly RecordedFlow[], question: Question): UsedEntries | undefined {
  const used = matching.filter(question.isUsed);
  if (used.length === 0) return undefined;
  const lastUsedAt = used.reduce((last, entry) => Math.max(last, question.lastUse(entry) ?? 0), 0);
  return {
    count: used.length,
    entries: used.slice(0, SHOWN).map(entryName),
    ...(lastUsedAt > 0 && { lastUsedAt }),
  };
}

/** The rules that make the nearest entry match that has not answered yet; if all have, it has to answer again. */
function remedyFor(
  ranked: readonly Ranked[],
  isUsedUp: boolean,
  { policy, replayable }: Question,
): Remedy | undefined {
  // A rule's own policy is not changed by what is said for all.
  const again = policy.reuse === 'never' && !policy.isReuseOfRule ? { reuse: 'hold' } : undefined;
  if (isUsedUp) return again && remedyOf(again);
  const helped = ranked.filter(({ rules }) => rules.length > 0);
  const [best] = [...helped.filter(({ near }) => !near.isUsed), ...helped];
  const before = replayable.values.ignore;
  return best && remedyOf({ ignore: best.rules, before, ...(best.near.isUsed && again) });
}

/** Entries that match and cannot answer: for what they are, or for whose they are. */
function unfitOf(matching: readonly RecordedFlow[], question: Question): UnfitEntry[] {
  const { request, policy, session, replayable } = question;
  const kinds = new Map<string, UnfitEntry[]>();
  const add = (entry: RecordedFlow, advice: Advice, kind = advice.why) => {
    const others = kinds.get(kind) ?? [];
    if (others.length < SHOWN) kinds.set(kind, [...others, { entry: entryName(entry), ...advice }]);
  };
  for (const entry of matching) {
    const why = question.isUsed(entry) ? undefined : whyNot(entry, request);
    if (why !== undefined) add(entry, onlySome(entry, request, why));
  }
  for (const entry of replayable.findUnusable(request, policy)) add(entry, UNUSABLE[whyUnusable(entry)!]);
  for (const entry of replayable.findOfOthers(request, policy, session))
    add(entry, otherSession(entry), OTHERS);
  return [...kinds.values()].flat();
}
