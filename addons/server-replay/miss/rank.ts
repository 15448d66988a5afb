import {
  cutValues,
  type Difference,
  entryName,
  type HttpRequest,
  type NearEntry,
  type RecordedFlow,
} from 'replay-proxy';
import { whyNot } from '../candidates';
import { subjectOf } from '../replay-index';
import { Subject } from '../request-key';
import { bodyExcerpt } from './body-excerpt';
import { type Compared, compared } from './compared';
import { type Distance, distance, ignorable } from './near';
import type { Question } from './question';

/** Entries that are compared facet by facet; the rest is told apart by sketches. */
const COMPARED = 40;
/** Bytes of recorded bodies that are read for one report. */
const READ_BYTES = 512 * 1024;
const SHOWN_DIFFERENCES = 12;

/** A recorded entry and how near it is. */
export interface Ranked {
  readonly near: NearEntry;
  readonly cost: number;
  /** What would have to be ignored to make it match; empty when that is too much, or it could not answer. */
  readonly rules: readonly string[];
}

/** The entries that come nearest, the nearest first, one of those that are alike. */
export function rank(question: Question): Ranked[] {
  const { request, session, replayable, isUsed } = question;
  const subject = new Subject(request, true, 'unknown');
  const asked = sideOf(subject, [], question);
  const found = new Map<string, Ranked>();
  let bytes = READ_BYTES;
  for (const entry of replayable.sketches.nearest(request, COMPARED)) {
    const isSeen = !replayable.values.sessions || !entry.session || entry.session === session;
    const { body } = entry.request;
    if (!isSeen || (bytes < READ_BYTES && (body.length ?? 0) > bytes)) continue;
    bytes -= body.length ?? 0;
    const { redacted = [] } = entry;
    const mine = redacted.length > 0 ? sideOf(subject, redacted, question) : asked;
    const theirs = sideOf(subjectOf(entry), redacted, question);
    const far = distance(mine, theirs);
    if (!far) continue;
    const ranked: Ranked = {
      near: nearEntry(entry, isUsed(entry), far, [mine, theirs], request),
      cost: far.cost,
      rules: whyNot(entry, request) === undefined ? ignorable(mine, theirs, far) : [],
    };
    const alike = JSON.stringify(ranked.near.differences);
    if (!found.has(alike) || (found.get(alike)?.near.isUsed && !ranked.near.isUsed)) found.set(alike, ranked);
  }
  return [...found.values()].sort((a, b) => a.cost - b.cost || Number(a.near.isUsed) - Number(b.near.isUsed));
}

function sideOf(subject: Subject, redacted: readonly string[], { policy, identify }: Question): Compared {
  return compared(subject, policy, redacted, identify);
}

function nearEntry(
  entry: RecordedFlow,
  isUsed: boolean,
  { differences }: Distance,
  sides: readonly Compared[],
  request: HttpRequest,
): NearEntry {
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map(({ name, left, right }): Difference => {
    const [asked, recorded] = cutValues(textOf(name, left, request), textOf(name, right, entry.request));
    const changedBy = [...new Set(sides.flatMap((side) => side.changedBy.get(name) ?? []))];
    return {
      facet: name,
      ...(asked !== undefined && { asked }),
      ...(recorded !== undefined && { recorded }),
      ...(changedBy.length > 0 && { changedBy }),
    };
  });
  return { entry: entryName(entry), isUsed, differences: shown, more: differences.length - shown.length };
}

/** A body that is one facet has a digest for its value, which tells a person nothing. */
function textOf(
  name: string,
  values: readonly string[] | undefined,
  request: HttpRequest,
): string | undefined {
  const text = values?.join(', ');
  if (name !== 'body' || text === undefined || text.startsWith('(')) return text;
  return text.startsWith('unknown') ? '(not kept)' : (bodyExcerpt(request) ?? text);
}
