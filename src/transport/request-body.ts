import type { IncomingMessage } from 'node:http';
import { Body } from '../http/body';
import { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';

/**
 * The body of a request as it comes off the wire. `begin` is called before the first byte is asked for; at the end the request's
 * trailers and `endedAt` are set.
 */
export function incomingBody(
  incoming: IncomingMessage,
  request: HttpRequest,
  options: { begin: () => void; now: () => number },
): Body {
  return Body.stream(read());

  async function* read(): AsyncGenerator<Buffer> {
    options.begin();
    try {
      // Leaving early must not close the connection: the response still has to go out on it.
      yield* incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    } catch (error) {
      throw new Error('the client broke off in the middle of its request', { cause: error });
    }
    request.trailers = HttpHeaders.fromRaw(incoming.rawTrailers);
    request.endedAt = options.now();
  }
}
