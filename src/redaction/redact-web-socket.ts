import { isUtf8 } from 'node:buffer';
import { HttpRequest } from '../http/request';
import type { RecordedFlow, RecordedWebSocketMessage } from '../recording/recorded-flow';
import { redactBody } from './redact-body';
import type { Takes } from './redact-pairs';
import { REDACTED } from './redacted-values';

/** What has to go from what each side of a WebSocket says; undefined: nothing. */
export type SideTakes = Readonly<Record<RecordedWebSocketMessage['from'], Takes | undefined>>;

/** A WebSocket after redaction, and the sides of which a message could not be looked into: what it said is gone. */
export interface RedactedWebSocket {
  readonly is: Pick<RecordedFlow, 'webSocket' | 'webSocketClose'>;
  readonly isChanged: boolean;
  readonly unreadable: ReadonlySet<RecordedWebSocketMessage['from']>;
}

/** Replaces in what the sides of a WebSocket say what has to go. Messages are bodies: `body` is all of one, `body.token` a part of its JSON. */
export function redactWebSocket(
  webSocket: readonly RecordedWebSocketMessage[],
  close: RecordedFlow['webSocketClose'],
  takes: SideTakes,
): RedactedWebSocket {
  const unreadable = new Set<RecordedWebSocketMessage['from']>();
  const messages = webSocket.map((message) => {
    const takesOf = takes[message.from];
    const data = takesOf ? redactData(message.data, takesOf) : 'same';
    if (data === 'same') return message;
    if (data === 'unreadable') unreadable.add(message.from);
    return { ...message, data: data === 'unreadable' ? Buffer.from(REDACTED) : data };
  });
  // Words, too.
  const isReasonTaken = close !== undefined && close.reason !== '' && takes[close.from]?.('body') === true;
  const isChanged = isReasonTaken || messages.some((message, i) => message !== webSocket[i]);
  return {
    is: { webSocket: messages, ...(isReasonTaken && { webSocketClose: { ...close, reason: REDACTED } }) },
    isChanged,
    unreadable,
  };
}

function redactData(data: Buffer, takes: Takes): Buffer | 'same' | 'unreadable' {
  // Messages name no type. JSON often stands behind a number or a name, as lines of JSON do.
  const type = isUtf8(data) ? 'application/x-ndjson' : 'application/octet-stream';
  const url = 'http://message.invalid/';
  const body = redactBody(HttpRequest.to(url, { headers: { 'content-type': type }, body: data }), takes);
  return typeof body === 'string' ? body : body.bytesSync();
}
