import { type Miss, type RecordedFlow, remedyOf, type UnfitEntry, type UsedEntries } from 'replay-proxy';
import { whyNot } from '../candidates';
import { whyUnusable } from '../usable';
import { type Advice, onlySome, otherSession, UNUSABLE } from './advice';
import { nameOf } from './entry-name';
import type { Question } from './question';
import { rank } from './rank';

const SHOWN = 3;

/** Says why nothing answers a request. */
export function explainMiss(question: Question): Miss {
  const { request, session, replayable, policy, sources, declinedBy } = question;
  const matching = replayable.find(request, policy, session);
  const used = usedOf(matching, question);
  const unfit = unfitOf(matching, question);
  const isMatched = matching.length > 0 || unfit.length > 0;
  const reason = reasonOf(declinedBy !== undefined, used?.count === matching.length, isMatched);
  const ranked = isMatched ? [] : rank(question);
  const ignore = ranked.find(({ isOpen, rules }) => isOpen && rules.length > 0)?.rules;
  const isWorthRepeating = reason === 'used up' && policy.reuse === 'never';
  const remedy = ignore ? remedyOf({ ignore }) : isWorthRepeating ? remedyOf({ reuse: 'hold' }) : undefined;
  return {
    method: request.method,
    url: request.url,
    session,
    reason,
    sources,
    entries: replayable.flows.length,
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
    entries: used.slice(0, SHOWN).map(nameOf),
    ...(lastUsedAt > 0 && { lastUsedAt }),
  };
}

/** Entries that match and cannot answer: for what they are, or for whose they are. */
function unfitOf(matching: readonly RecordedFlow[], question: Question): UnfitEntry[] {
  const { request, policy, replayable } = question;
  const kinds = new Map<string, UnfitEntry[]>();
  const add = (entry: RecordedFlow, advice: Advice) => {
    const others = kinds.get(advice.why) ?? [];
    if (others.length < SHOWN) kinds.set(advice.why, [...others, { entry: nameOf(entry), ...advice }]);
  };
  for (const entry of matching) {
    const why = question.isUsed(entry) ? undefined : whyNot(entry, request);
    if (why !== undefined) add(entry, onlySome(entry, why));
  }
  for (const entry of replayable.findUnusable(request, policy)) add(entry, UNUSABLE[whyUnusable(entry)!]);
  const seen = new Set(matching);
  for (const entry of replayable.findAny(request, policy))
    if (!seen.has(entry)) add(entry, otherSession(entry));
  return [...kinds.values()].flat();
}
