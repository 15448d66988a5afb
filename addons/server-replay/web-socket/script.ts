import type { RecordedFlow, RecordedWebSocketMessage } from 'replay-proxy';

/** When the server does something: how long after what. */
export interface Cue {
  /** So many of the client's messages come before. */
  readonly after: number;
  /** What comes right before: the last of these, or what the server itself did before, its handshake if nothing else. */
  readonly follows: 'client' | 'server';
  /** Milliseconds from that on, as recorded. */
  readonly gap: number;
}

/** One message of the server. */
export interface Line {
  readonly message: RecordedWebSocketMessage;
  readonly cue: Cue;
}

/** What the client has to say. */
export interface Expected {
  readonly message: RecordedWebSocketMessage;
  /** It may be left out: an addon made it up, or kept it back, when it was recorded, and may or may not do so again. */
  readonly isOptional: boolean;
}

/** A recorded WebSocket, as its server plays it once more. */
export interface Script {
  readonly expected: readonly Expected[];
  readonly lines: readonly Line[];
  /** How the server ends it; undefined when the client has done so, or the recording does not say. */
  readonly end: { readonly code: number; readonly reason: string; readonly cue: Cue } | undefined;
}

/** The script of a recorded WebSocket: what its two sides have said. What addons did to it they do again. */
export function scriptOf(entry: RecordedFlow): Script {
  const { request, response, webSocket = [] } = entry;
  const expected: Expected[] = [];
  const lines: Line[] = [];
  let before: Omit<Cue, 'gap'> & { readonly at: number } = {
    after: 0,
    follows: 'server',
    at: response?.startedAt ?? request.startedAt,
  };
  const cueAt = (time: number): Cue => {
    const { after, follows, at } = before;
    return { after, follows, gap: Math.max(0, time - at) };
  };
  for (const message of webSocket) {
    const { from, time, injected = false, dropped = false } = message;
    if (from === 'client') {
      expected.push({ message, isOptional: injected || dropped });
      if (!injected) before = { after: expected.length, follows: 'client', at: time };
    } else if (!injected) {
      lines.push({ message, cue: cueAt(time) });
      before = { after: before.after, follows: 'server', at: time };
    }
  }
  const close = endOf(entry);
  // Whatever the client has said was said before the end.
  const last = { ...cueAt(close?.time ?? before.at), after: expected.length };
  return { expected, lines, end: close && { code: close.code, reason: close.reason, cue: last } };
}

/** What broke while it was recorded breaks again. */
function endOf({ webSocketClose: close, error, incomplete }: RecordedFlow) {
  if (close && !incomplete) return close.from === 'server' ? close : undefined;
  return error === undefined && !incomplete ? undefined : { code: 1006, reason: '', time: undefined };
}
