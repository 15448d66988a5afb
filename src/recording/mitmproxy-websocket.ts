import { DumpFields } from './mitmproxy-fields';
import { millisecondsOf, secondsOf } from './mitmproxy-times';
import type { RecordedFlow, RecordedWebSocketClose, RecordedWebSocketMessage } from './recorded-flow';
import type { TnetValue } from './tnetstring';
import type { TnetCursor } from './tnetstring-cursor';

type RecordedWebSocket = Required<Pick<RecordedFlow, 'webSocket'>> & Pick<RecordedFlow, 'webSocketClose'>;

/** Of the member `websocket` of a flow, and of a record of its own up to version 11. */
export const WEB_SOCKET_FIELDS = [
  'messages',
  'closed_by_client',
  'close_sender',
  'close_code',
  'close_reason',
  'timestamp_end',
] as const;

type WebSocketFields = DumpFields<(typeof WEB_SOCKET_FIELDS)[number]>;

/**
 * Reads the member `websocket` of a flow.
 * @throws SyntaxError when it is malformed.
 */
export function webSocketFrom(cursor: TnetCursor): RecordedWebSocket {
  return webSocketIn(new DumpFields('websocket', WEB_SOCKET_FIELDS).of(cursor));
}

/**
 * The WebSocket that these fields tell of.
 * @throws SyntaxError when one is malformed.
 */
export function webSocketIn(fields: WebSocketFields): RecordedWebSocket {
  const close = closeIn(fields);
  return {
    webSocket: messagesIn(fields.requiredInside('messages')),
    ...(close && { webSocketClose: close }),
  };
}

/** The member `websocket` of a flow, version 21. */
export function webSocketState(
  messages: readonly RecordedWebSocketMessage[],
  close: RecordedWebSocketClose | undefined,
): { readonly [key: string]: TnetValue } {
  return {
    timestamp_end: close?.time === undefined ? null : secondsOf(close.time),
    close_reason: close ? close.reason : null,
    close_code: close ? close.code : null,
    closed_by_client: close ? close.from === 'client' : null,
    messages: messages.map(({ opcode, from, data, time, dropped = false, injected = false }) => [
      opcode,
      from === 'client',
      data,
      secondsOf(time),
      dropped,
      injected,
    ]),
  };
}

function closeIn(fields: WebSocketFields): RecordedWebSocketClose | undefined {
  const code = fields.number('close_code');
  if (code === undefined) return undefined;
  const time = fields.number('timestamp_end');
  const byClient = fields.flag('closed_by_client') ?? fields.text('close_sender') === 'client';
  return {
    from: byClient ? 'client' : 'server',
    code,
    reason: fields.text('close_reason') ?? '',
    ...(time !== undefined && { time: millisecondsOf(time) }),
  };
}

// [opcode, from the client?, content, seconds, dropped?, injected?], the last two not in every version
function messagesIn(cursor: TnetCursor): RecordedWebSocketMessage[] {
  const messages: RecordedWebSocketMessage[] = [];
  while (cursor.next()) {
    const value = cursor.value();
    const [opcode, fromClient, data, time, dropped, injected] = Array.isArray(value) ? value : [];
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (typeof opcode !== 'number' || !Buffer.isBuffer(bytes) || typeof time !== 'number') {
      throw new SyntaxError('websocket.messages holds what is no message');
    }
    messages.push({
      from: fromClient === true ? 'client' : 'server',
      time: millisecondsOf(time),
      opcode,
      data: bytes,
      ...(dropped === true && { dropped }),
      ...(injected === true && { injected }),
    });
  }
  return messages;
}
