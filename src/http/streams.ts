import type { HttpHeaders } from './headers';

const ENDLESS =
  /^(?:text\/event-stream|application\/grpc|application\/x-ndjson|multipart\/x-mixed-replace)\b/i;

/** True for messages whose parts mean something as they come: to hold them until the end would break the client, and they may be silent for long. */
export function streamsByNature(headers: HttpHeaders): boolean {
  return ENDLESS.test(headers.get('content-type') ?? '');
}
