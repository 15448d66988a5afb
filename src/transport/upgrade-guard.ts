import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';

/**
 * Sends everything but requests to change the protocol, which end with 501. HTTP/2 without TLS is the exception: clients that ask
 * for it can do without (RFC 9110 §7.8).
 */
export function refuseUpgrades(send: Send): Send {
  return async (request, options) => {
    const protocol = request.headers.get('upgrade');
    if (protocol === undefined || /^h2c$/i.test(protocol)) return send(request, options);
    throw new UpstreamError(`an upgrade of the connection to ${protocol} is not supported`, { status: 501 });
  };
}
