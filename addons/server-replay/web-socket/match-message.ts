import {
  type Flow,
  FacetPatterns,
  HttpRequest,
  type RecordedWebSocketMessage,
  requestKey,
  type RequestKey,
  Subject,
  type WebSocketMessage,
} from 'replay-proxy';

/** How the messages of a client are compared. */
export interface MessageComparison {
  /** Names of facets that need not match, `body.nonce`: those of the request, and what was taken out when recording. */
  readonly ignore: readonly string[];
}

type Content = Pick<RecordedWebSocketMessage, 'opcode' | 'data'>;

const keys = new WeakMap<MessageComparison, RequestKey>();

/** Whether a client's message is the recorded one: of the same type, and equal as the bodies of requests are. The choice of ServerReplay. */
export function defaultMatchMessage(
  message: Pick<WebSocketMessage, 'opcode' | 'data'>,
  recorded: RecordedWebSocketMessage,
  _flow: Flow,
  comparison: MessageComparison,
): boolean {
  if (message.opcode !== recorded.opcode) return false;
  if (message.data.equals(recorded.data)) return true;
  const key = keyOf(comparison);
  return key.body(messageSubject(message)) === key.body(messageSubject(recorded));
}

/** A message as a side of a comparison: its body is what it says. Texts are read as JSON, if they are; others only if they look so. */
export function messageSubject({ opcode, data }: Content, largest?: number): Subject {
  const headers = opcode === 1 ? { 'content-type': 'application/json' } : {};
  const request = HttpRequest.to('http://message.invalid/', { method: 'POST', headers, body: data });
  return new Subject(request, true, 'unknown', largest);
}

function keyOf(comparison: MessageComparison): RequestKey {
  let key = keys.get(comparison);
  if (!key) keys.set(comparison, (key = requestKey([], new FacetPatterns(comparison.ignore), undefined)));
  return key;
}
