import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeReason,
  departureWords,
  escapeControls,
  type Miss,
  type RecordedFlow,
  redactedOf,
  type WebSocketEnd,
  type WebSocketServing,
} from 'replay-proxy';
import type { ServerReplayHooks } from '../hooks';
import type { Policy } from '../policy';
import { explainDeparture } from './departure-miss';
import { defaultMatchMessage, type MessageComparison } from './match-message';
import type { Overheard } from './overheard';
import { type LiveMessage, play } from './play';
import { scriptOf } from './script';

/** RFC 6455 §7.4.1: the server cannot go on. */
const DEPARTED = 1011;
/** The longest that a timer can wait, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** What a recorded WebSocket is served with. */
export interface ServeOptions {
  readonly speed: number;
  readonly policy: Policy;
  /** What is ignored for all requests, the recordings in use and how many of their entries can answer: for the report of a miss. */
  readonly ignore: readonly string[];
  readonly sources: readonly string[];
  readonly entries: number;
  readonly matchMessage: ServerReplayHooks['matchMessage'] | undefined;
  readonly overheard: Pick<Overheard, 'isEndedHere' | 'asSaid'>;
}

/**
 * Plays the server of a recorded WebSocket. To a client that departs from what was recorded it says goodbye with 1011 and where, and that is the
 * flow's miss. One that closes early departs only if it has not said all; one that goes away (1001) or breaks off says nothing by it.
 */
export function servingOf(entry: RecordedFlow, options: ServeOptions): WebSocketServing {
  const { policy, matchMessage, overheard } = options;
  const script = scriptOf(entry);
  const comparison: MessageComparison = { ignore: [...policy.ignore, ...redactedOf(entry)] };
  return async (client, flow) => {
    const isSame = ({ opcode, data, time }: LiveMessage, index: number) => {
      const { message } = script.expected[index]!;
      const live = { from: 'client', opcode, data, time } as const;
      const asked = matchMessage?.call(live, message, flow, comparison);
      return asked ?? defaultMatchMessage(live, message, flow, comparison);
    };
    const departure = await play(overheard.asSaid(client, flow), script, {
      speed: options.speed,
      isSame,
      now: () => performance.now(),
      sleep: (milliseconds, signal) => sleep(Math.min(milliseconds, LONGEST_WAIT), undefined, { signal }),
    });
    if (!departure) return;
    if (departure.how === 'left early' && (await isGone(client, overheard.isEndedHere(flow)))) return;
    const { request, session } = flow;
    flow.explainMiss(() =>
      explainDeparture({ ...options, entry, script, departure, comparison, isSame, request, session }),
    );
    if (departure.how !== 'left early') client.close(DEPARTED, reasonFor(flow.miss));
  };
}

/** RFC 6455 §7.4.1: 1001 of a page that is left, 1006 of a connection that broke. */
async function isGone({ closed }: WebSocketEnd, isEndedHere: boolean): Promise<boolean> {
  const { code } = await closed;
  return isEndedHere || code === 1001 || code === 1006;
}

/** One sentence that a close frame can hold. */
function reasonFor(miss: Miss | undefined): string {
  return closeReason(escapeControls(miss ? departureWords(miss) : ''), '…');
}
