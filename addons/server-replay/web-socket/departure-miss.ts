import {
  entryName,
  type HttpRequest,
  type Miss,
  type NearEntry,
  type RecordedFlow,
  remedyOf,
  type WebSocketMessage,
} from 'replay-proxy';
import { compared } from '../miss/compared';
import { distance, ignorable } from '../miss/near';
import { pastable } from '../miss/rank';
import { showDifferences, type ShownSide } from '../miss/shown-differences';
import type { Policy } from '../policy';
import { type MessageComparison, messageSubject } from './match-message';
import type { Departure } from './play';
import type { Script } from './script';

/** Bytes of the longest message that is looked into. */
const LOOKED_INTO = 128 * 1024;
/** Messages beyond the expected one that are asked whether they are the one that came. */
const LOOKED_AHEAD = 100;

/** What there is to know about a client that departed from its script. */
export interface DepartureQuestion {
  readonly entry: RecordedFlow;
  readonly script: Script;
  readonly departure: Departure;
  readonly request: HttpRequest;
  readonly session: string;
  readonly policy: Policy;
  readonly comparison: MessageComparison;
  /** What is ignored for all requests. */
  readonly ignore: readonly string[];
  readonly sources: readonly string[];
  /** How many entries can answer. */
  readonly entries: number;
  readonly isSame: (message: NonNullable<Departure['message']>, index: number) => boolean;
}

/** Says where a client departed from a recorded WebSocket, and what would have made its message match. */
export function explainDeparture(question: DepartureQuestion): Miss {
  const { entry, script, departure, request, session, sources, entries, ignore } = question;
  const { how, index } = departure;
  const equals = how === 'unlike' ? laterEqual(question) : undefined;
  const { near, rules } = nearest(question);
  const remedy =
    equals === undefined && rules.length > 0 ? remedyOf({ ignore: rules, before: ignore }) : undefined;
  return {
    method: request.method,
    url: request.url,
    session,
    reason: 'departed',
    sources,
    entries,
    unfit: [],
    departure: {
      entry: entryName(entry),
      how,
      message: index + 1,
      of: script.expected.length,
      ...(equals !== undefined && { equals: equals + 1 }),
    },
    nearest: [near],
    ...(remedy && { remedy }),
  };
}

/** The place of the recorded message that the client has said too early; undefined when there is none. */
function laterEqual({
  script,
  departure: { index, message },
  isSame,
}: DepartureQuestion): number | undefined {
  const end = Math.min(script.expected.length, index + 1 + LOOKED_AHEAD);
  for (let later = index + 1; later < end; later += 1) if (message && isSame(message, later)) return later;
  return undefined;
}

function nearest({ entry, script, departure, policy, comparison }: DepartureQuestion): {
  near: NearEntry;
  rules: readonly string[];
} {
  const rules = { ...policy, ignore: comparison.ignore };
  const asked = departure.message;
  const recorded = script.expected[departure.index]?.message;
  const [mine, theirs] = [sideOf(asked, rules), sideOf(recorded, rules)];
  const isOfTwoTypes = asked && recorded && asked.opcode !== recorded.opcode;
  const far = isOfTwoTypes
    ? { differences: [{ name: 'type', left: [typeOf(asked)], right: [typeOf(recorded)] }], cost: 1 }
    : distance(mine.compared, theirs.compared);
  const near = {
    entry: entryName(entry),
    isUsed: false,
    ...showDifferences(far?.differences ?? [], mine, theirs),
  };
  const isComparable = asked && recorded && !isOfTwoTypes && far;
  return { near, rules: isComparable ? pastable(ignorable(mine.compared, theirs.compared, far)) : [] };
}

/** What a message says, and nothing of how it was put. */
function sideOf(
  message: (Pick<WebSocketMessage, 'data'> & { readonly opcode: number }) | undefined,
  rules: Policy,
): ShownSide {
  if (!message)
    return { compared: { facets: [], kind: undefined, changedBy: new Map() }, request: undefined };
  const subject = messageSubject(message, LOOKED_INTO);
  const { facets, ...rest } = compared(subject, rules, [], undefined);
  const said = facets.filter(([name]) => name === 'body' || name.startsWith('body.'));
  return { compared: { ...rest, facets: said }, request: subject.request };
}

function typeOf({ opcode }: { readonly opcode: number }): string {
  return opcode === 2 ? 'binary' : 'text';
}
