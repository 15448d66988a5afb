import type { HttpResponse } from '../http/response';

const ENDLESS =
  /^(?:text\/event-stream|application\/grpc|application\/x-ndjson|multipart\/x-mixed-replace)\b/i;

/** True for responses whose parts mean something as they come, so that holding them until the end would break the client. */
export function streamsByNature(response: HttpResponse): boolean {
  return ENDLESS.test(response.headers.get('content-type') ?? '');
}
