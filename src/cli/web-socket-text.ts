import { isUtf8 } from 'node:buffer';
import { escapeControls } from '../escape-controls';
import type { RecordedFlow, RecordedWebSocketMessage } from '../recording/recorded-flow';

const SHOWN_MESSAGES = 20;
const SHOWN_CHARACTERS = 200;
const SHOWN_BYTES = 32;

/** What was said on a recorded WebSocket, for a person: how much, how it ended, and the first messages with their times from the handshake on. */
export function webSocketText({
  request,
  response,
  webSocket = [],
  webSocketClose: close,
}: RecordedFlow): string {
  const fromClient = webSocket.filter(({ from }) => from === 'client').length;
  const count = `${webSocket.length} ${webSocket.length === 1 ? 'message' : 'messages'}, ${fromClient} from the client`;
  const end = close
    ? `closed by the ${close.from}, ${`${close.code} ${close.reason}`.trim()}`
    : 'its end is not known';
  const start = response?.startedAt ?? request.startedAt;
  const more = webSocket.length - SHOWN_MESSAGES;
  return [
    escapeControls(`WebSocket: ${count}; ${end}`),
    ...webSocket.slice(0, SHOWN_MESSAGES).map((message) => messageLine(message, start)),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join('\n');
}

/** The same whole, for programs: texts are `text`, or `base64` when they are no UTF-8, as all else is. */
export function webSocketJson({ webSocket = [], webSocketClose }: RecordedFlow) {
  const messages = webSocket.map(({ time, opcode, data, ...rest }) => ({
    ...rest,
    at: new Date(time).toISOString(),
    opcode,
    ...(opcode === 1 && isUtf8(data) ? { text: data.toString('utf8') } : { base64: data.toString('base64') }),
  }));
  return { messages, close: webSocketClose ?? null };
}

function messageLine(message: RecordedWebSocketMessage, start: number): string {
  const { from, time, opcode, data, injected, dropped } = message;
  const marks = [...(injected ? ['made up by an addon'] : []), ...(dropped ? ['kept back by an addon'] : [])];
  const by = marks.length > 0 ? ` (${marks.join(', ')})` : '';
  const head = `${from === 'client' ? '>' : '<'} +${Math.max(0, Math.round(time - start))} ms ${data.length} B${by}`;
  return `${head}: ${opcode === 1 && isUtf8(data) ? textOf(data) : bytesOf(data)}`.trimEnd();
}

function textOf(data: Buffer): string {
  const text = data.toString('utf8');
  return escapeControls(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

function bytesOf(data: Buffer): string {
  const hex = data
    .subarray(0, SHOWN_BYTES)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `binary ${hex}${data.length > SHOWN_BYTES ? ' …' : ''}`;
}
