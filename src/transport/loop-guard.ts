import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';
import type { Origin } from '../http/authority';

/** Asks `refuseLoop` before anything is contacted; it rejects for a request that would come back to one of our own listeners. */
export function refuseLoops(send: Send, refuseLoop: (origin: Origin) => Promise<void> | undefined): Send {
  return (request, options) => {
    const refused = refuseLoop(request);
    return refused ? refused.then(() => send(request, options)) : send(request, options);
  };
}

/** The refusal, for `what` as the client would recognise it. */
export function loopError(what: string): UpstreamError {
  return new UpstreamError(`${what} is this proxy itself; forwarding there would never end`, {
    code: 'ERR_LOOP',
    status: 508,
  });
}
