import { isUtf8 } from 'node:buffer';
import { isObject, numberOf, objectIn, textOf, type JsonObject } from './json-value';
import type { RecordedFlow, RecordedWebSocketClose, RecordedWebSocketMessage } from './recorded-flow';

/** RFC 6455 §5.2. */
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const FROM: Readonly<Record<string, 'client' | 'server'>> = {
  send: 'client',
  sent: 'client',
  receive: 'server',
  received: 'server',
};
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a recording has of a WebSocket. */
export type RecordedWebSocket = Pick<RecordedFlow, 'webSocket' | 'webSocketClose'>;

/**
 * What is kept of the WebSocket that an entry's handshake opened, an empty list if no message is; nothing for any other entry, nor for a
 * handshake that was refused. `protocol` is what the response switches to, if it says so.
 */
export function readWebSocket(entry: JsonObject, status: number, protocol?: string): RecordedWebSocket {
  const list = entry['_webSocketMessages'];
  const frames = (Array.isArray(list) ? (list as unknown[]) : []).flatMap(frameOf);
  const isOpened = status === 101 && /^\s*(?:websocket\s*)?$/i.test(protocol ?? '');
  const isUnanswered = status === 0 && entry['_resourceType'] === 'websocket';
  if (frames.length === 0 && !isOpened && !isUnanswered) return {};
  const close = closeOf(objectIn(objectIn(entry, '_replay'), 'webSocketClose')) ?? closeAmong(frames);
  return {
    webSocket: frames.filter(({ opcode }) => opcode === TEXT || opcode === BINARY),
    ...(close && { webSocketClose: close }),
  };
}

/** The messages as browsers write them: text as it is, everything else as base64. What browsers have no word for is marked by ours. */
export function writeWebSocket(messages: readonly RecordedWebSocketMessage[]): JsonObject[] {
  return messages.map(({ from, time, opcode, data, injected, dropped }) => {
    const plain = opcode === TEXT && isUtf8(data);
    return {
      type: from === 'client' ? 'send' : 'receive',
      time: time / 1e3,
      opcode,
      data: data.toString(plain ? 'utf8' : 'base64'),
      ...(opcode === TEXT && !plain ? { encoding: 'base64' } : {}),
      ...(injected && { _injected: true }),
      ...(dropped && { _dropped: true }),
    };
  });
}

/** One element of the list; none if it is no frame. */
function frameOf(frame: unknown): RecordedWebSocketMessage[] {
  if (!isObject(frame) || typeof frame['data'] !== 'string') return [];
  const { type, data } = frame;
  if (typeof type !== 'string' || !Object.hasOwn(FROM, type)) return [];
  const opcode = numberOf(frame['opcode']) ?? TEXT;
  return [
    {
      from: FROM[type]!,
      // Seconds in the file; whole microseconds keep the multiplication from adding noise.
      time: Math.round((numberOf(frame['time']) ?? 0) * 1e6) / 1e3,
      opcode,
      data: bytesOf(data, opcode !== TEXT || frame['encoding'] === 'base64'),
      ...(frame['_injected'] === true && { injected: true }),
      ...(frame['_dropped'] === true && { dropped: true }),
    },
  ];
}

/** Some tools write the bytes themselves, a character each, where others write base64. */
function bytesOf(data: string, isCoded: boolean): Buffer {
  if (!isCoded) return Buffer.from(data, 'utf8');
  return Buffer.from(data, BASE64.test(data) ? 'base64' : 'latin1');
}

/** How it ended, where a tool has kept the closing frame. */
function closeAmong(frames: readonly RecordedWebSocketMessage[]): RecordedWebSocketClose | undefined {
  const frame = frames.find(({ opcode }) => opcode === CLOSE);
  if (!frame) return undefined;
  const { from, data, time } = frame;
  // RFC 6455 §5.5.1, §7.1.5
  const code = data.length >= 2 ? data.readUInt16BE(0) : 1005;
  return { from, code, reason: data.toString('utf8', 2), time };
}

function closeOf(close: JsonObject | undefined): RecordedWebSocketClose | undefined {
  const from = close?.['from'];
  const code = numberOf(close?.['code']);
  const time = numberOf(close?.['time']);
  if ((from !== 'client' && from !== 'server') || code === undefined || !Number.isInteger(code))
    return undefined;
  if (code < 1000 || code > 4999) return undefined;
  return { from, code, reason: textOf(close?.['reason']) ?? '', ...(time !== undefined && { time }) };
}
