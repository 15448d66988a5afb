import { asksForWebSocket, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import type { WhyUnusable } from '../usable';
import { askedForWebSocket } from '../web-socket/handshake';

/** What is the matter with an entry, and what to do about it. */
export interface Advice {
  readonly why: string;
  readonly advice: string;
}

const AGAIN = 'record it again';

/** For entries that can answer nobody. */
export const UNUSABLE: Readonly<Record<WhyUnusable, Advice>> = {
  'other protocol': {
    why: 'it went on in another protocol, which is not recorded',
    advice: 'answer it with an addon',
  },
  tunnel: { why: 'it is a tunnel', advice: 'record the requests inside it' },
  'without a response': { why: 'it has no response', advice: AGAIN },
  'with only an interim response': { why: 'it has only an interim response', advice: AGAIN },
  'killed or failed': { why: 'it was killed or failed when it was recorded', advice: AGAIN },
  'cut short': { why: 'its response was cut short', advice: `${AGAIN} to its end` },
  'without a stored body': {
    why: 'its body was not stored',
    advice: `${AGAIN} without streaming it past the recorder`,
  },
};

/** For entries of another session. */
export function otherSession({ session = '' }: RecordedFlow): Advice {
  return {
    why: `it was recorded in session ${session}`,
    advice:
      'ask in that session (the user name of the proxy URL; --session of explain), or turn sessions off with sessions: false',
  };
}

/** For entries that answer only some of the requests that they match; `why` is what keeps this one from it. */
export function onlySome(entry: RecordedFlow, request: HttpRequest, why: string): Advice {
  if (asksForWebSocket(request) !== askedForWebSocket(entry)) {
    return {
      why,
      advice: askedForWebSocket(entry) ? 'ask for a WebSocket (Upgrade: websocket)' : 'record the WebSocket',
    };
  }
  const advice =
    entry.response?.status === 304
      ? 'record it again with an empty cache (or record.fresh on), or send the condition'
      : 'ask for the recorded Range, or record this one';
  return { why, advice };
}
