import { isUtf8 } from 'node:buffer';
import { isObject, numberOf, type JsonObject } from './json-value';
import type { RecordedWebSocketMessage } from './recorded-flow';

/** The messages of a WebSocket's handshake, an empty list if none were kept; undefined for any other entry. */
export function readWebSocket(
  entry: JsonObject,
  status: number,
): readonly RecordedWebSocketMessage[] | undefined {
  const messages = entry['_webSocketMessages'];
  if (!Array.isArray(messages))
    return status === 101 || entry['_resourceType'] === 'websocket' ? [] : undefined;
  return (messages as unknown[]).flatMap((message) => {
    if (!isObject(message) || typeof message['data'] !== 'string') return [];
    if (message['type'] !== 'send' && message['type'] !== 'receive') return [];
    const opcode = numberOf(message['opcode']) ?? 1;
    const base64 = opcode !== 1 || message['encoding'] === 'base64';
    return [
      {
        from: message['type'] === 'send' ? ('client' as const) : ('server' as const),
        // Seconds in the file; whole microseconds keep the multiplication from adding noise.
        time: Math.round((numberOf(message['time']) ?? 0) * 1e6) / 1e3,
        opcode,
        data: Buffer.from(message['data'], base64 ? 'base64' : 'utf8'),
      },
    ];
  });
}

/** The messages as browsers write them: text as it is, everything else as base64. */
export function writeWebSocket(messages: readonly RecordedWebSocketMessage[]): JsonObject[] {
  return messages.map(({ from, time, opcode, data }) => {
    const plain = opcode === 1 && isUtf8(data);
    return {
      type: from === 'client' ? 'send' : 'receive',
      time: time / 1e3,
      opcode,
      data: data.toString(plain ? 'utf8' : 'base64'),
      ...(opcode === 1 && !plain ? { encoding: 'base64' } : {}),
    };
  });
}
