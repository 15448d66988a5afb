import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';
import type { Origin } from '../http/authority';

/** Asks `refuseLoop` before anything is contacted; it throws for a request that would come back to one of our own listeners. */
export function refuseLoops(send: Send, refuseLoop: (origin: Origin) => Promise<void>): Send {
  return async (request, options) => {
    await refuseLoop(request);
    return send(request, options);
  };
}

/** The refusal, for `what` as the client would recognise it. */
export function loopError(what: string): UpstreamError {
  return new UpstreamError(`${what} is this proxy itself; forwarding there would never end`, {
    code: 'ERR_LOOP',
    status: 508,
  });
}
