import { asksForWebSocket, HttpResponse, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import { recode } from '../recode';

/** Whether the request of a recorded flow asked for one: tools that record messages may leave out headers. */
export function askedForWebSocket({ request, webSocket }: RecordedFlow): boolean {
  return webSocket !== undefined || asksForWebSocket(request);
}

/** The answer that opens a recorded WebSocket once more, for this request: the recorded one without what was between other two. */
export function openingResponse(recorded: RecordedFlow, request: HttpRequest): HttpResponse {
  const response = new HttpResponse({ status: 101 });
  if (recorded.response) response.headers = recode(recorded, request).response.headers;
  if (recorded.response?.status === 101) response.reason = recorded.response.reason;
  response.headers.delete('sec-websocket-accept');
  // RFC 6455 §4.1: a client fails on a protocol that it has not asked for.
  const protocol = response.headers.get('sec-websocket-protocol')?.trim();
  const offered = (request.headers.folded('sec-websocket-protocol') ?? '')
    .split(',')
    .map((one) => one.trim());
  if (protocol !== undefined && !offered.includes(protocol))
    response.headers.delete('sec-websocket-protocol');
  return response;
}
