import type { Limits, UpstreamOptions } from './options';
import { createUpstream, type Upstream } from './upstream'; // late

/**
 * An upstream that is made when something is to leave: who only replays does without.
 * @throws ConfigError for CA or client certificates that cannot be read.
 */
export function lateUpstream(options: UpstreamOptions, limits: Limits, now: () => number): Upstream {
  const contacted = new Set<string>();
  let made: Upstream | undefined;
  let isClosed = false;
  const upstream = () => {
    made ??= createUpstream(options, limits, now, contacted);
    // What asks after the end has to be told so.
    if (isClosed) void made.close();
    return made;
  };
  if (options.ca !== undefined || options.clientCertificates?.length) upstream();
  return {
    send: (request, exchange) => upstream().send(request, exchange),
    dial: (to, signal) => upstream().dial(to, signal),
    refuseLoop: (origin) => upstream().refuseLoop(origin),
    contacted,
    close: async () => {
      isClosed = true;
      await made?.close();
    },
  };
}
