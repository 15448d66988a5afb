import {
  entryName,
  escapeControls,
  type NearEntry,
  type RecordedFlow,
  redactedOf,
  Subject,
  subjectOf,
} from 'replay-proxy';
import { whyNot } from '../candidates';
import { whyUnusable } from '../usable';
import { otherSession, UNUSABLE } from './advice';
import { type Compared, compared } from './compared';
import { distance, ignorable } from './near';
import type { Question } from './question';
import { LONGEST_NAME, showDifferences } from './shown-differences';

/** Entries that are compared facet by facet; the rest is told apart by sketches. */
const COMPARED = 40;
/** What may be compared for one report, the first entry aside: facets of both sides, bytes of recorded bodies. */
const MOST = { facets: 4000, bytes: 256 * 1024 } as const;
/** Bytes of the longest body that is looked into. */
const LOOKED_INTO = 128 * 1024;
/** How many times as far as the nearest another one may be. */
const FARTHER = 3;

/** A recorded entry and how near it is. */
export interface Ranked {
  readonly near: NearEntry;
  readonly cost: number;
  /** What would have to be ignored to make it match; empty when that is too much, or it could not answer. */
  readonly rules: readonly string[];
}

/** The entries that come nearest, the nearest first, one of those that are alike. */
export function rank(question: Question): Ranked[] {
  const { request, isUsed } = question;
  const asked = askedSides(question);
  const found = new Map<string, Ranked>();
  let facets: number = MOST.facets;
  let bytes: number = MOST.bytes;
  for (const entry of question.replayable.sketches.nearest(request, COMPARED, question.known)) {
    const length = entry.request.body.length ?? 0;
    const isFirst = bytes === MOST.bytes;
    if (!isFirst && (facets < 0 || length > bytes)) continue;
    bytes -= Math.max(1, length);
    const mine = asked(redactedOf(entry));
    const theirs = recordedSide(entry, question);
    if (!theirs) continue;
    facets -= mine.facets.length + theirs.facets.length;
    const far = distance(mine, theirs);
    if (!far) continue;
    const unfit = whyUnfit(entry, question);
    const one: Ranked = {
      near: {
        entry: entryName(entry),
        isUsed: isUsed(entry),
        ...(unfit !== undefined && { unfit }),
        ...showDifferences(
          far.differences,
          { compared: mine, request },
          { compared: theirs, request: entry.request },
        ),
      },
      cost: far.cost,
      rules: unfit === undefined ? pastable(ignorable(mine, theirs, far)) : [],
    };
    const alike = JSON.stringify([one.near.differences, unfit]);
    if (!found.has(alike) || (found.get(alike)?.near.isUsed && !one.near.isUsed)) found.set(alike, one);
  }
  const ranked = [...found.values()].sort(
    (a, b) => a.cost - b.cost || Number(a.near.isUsed) - Number(b.near.isUsed),
  );
  const least = ranked[0]?.cost ?? 0;
  return ranked.filter(({ cost }) => cost <= FARTHER * (least + 1));
}

/** Why an entry could not answer even if it matched. */
function whyUnfit(entry: RecordedFlow, { request, session, replayable }: Question): string | undefined {
  const why = whyUnusable(entry);
  if (why !== undefined) return UNUSABLE[why].why;
  return replayable.isVisible(entry, session) ? whyNot(entry, request) : otherSession(entry).why;
}

/** The request's side, without what a recording took out; once for each such list. */
function askedSides({ request, policy, identify }: Question): (redacted: readonly string[]) => Compared {
  const subject = new Subject(request, true, 'unknown', LOOKED_INTO);
  const sides = new Map<string, Compared>();
  return (redacted) => {
    const key = JSON.stringify(redacted);
    let side = sides.get(key);
    if (!side) sides.set(key, (side = compared(subject, policy, redacted, identify)));
    return side;
  };
}

/** The recorded side; undefined when its body cannot be read any more. */
function recordedSide(entry: RecordedFlow, { policy, identify }: Question): Compared | undefined {
  try {
    return compared(subjectOf(entry, LOOKED_INTO), policy, redactedOf(entry), identify);
  } catch {
    return undefined;
  }
}

/** None, if one is too long or has characters that do not survive on a command line. */
export function pastable(rules: readonly string[]): readonly string[] {
  return rules.some((rule) => rule.length > LONGEST_NAME || escapeControls(rule) !== rule) ? [] : rules;
}
