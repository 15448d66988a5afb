import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';
import { isOwnListener } from './own-listeners';

/** Refuses, with 508 and before anything is contacted, a request that would come back to one of our own listeners. */
export function refuseLoops(send: Send): Send {
  return async (request, options) => {
    if (await isOwnListener(request.host, request.port)) throw loopError(request.origin);
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
