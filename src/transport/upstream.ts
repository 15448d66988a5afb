import type { Socket } from 'node:net';
import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';
import { type Authority, formatAuthority, type Origin } from '../http/authority';
import type { HttpResponse } from '../http/response';
import { inAbsoluteForm, isForItsTarget } from './absolute-form';
import { ClientCertificates } from './client-certificates';
import { Dialer } from './dial';
import { credentialsRefused } from './http-connect';
import { openedWithin } from './opened';
import { Openings } from './openings';
import type { Limits, UpstreamOptions } from './options';
import { UpstreamConnections } from './upstream-connections';
import type { UpstreamProxy } from './upstream-proxy';
import { outgoingRequest } from './upstream-request';
import { checkCertificates, openSocket, secure, secureContexts } from './upstream-socket';
import { switchedUpstream } from './upstream-switch';

/** The way to origin servers. */
export interface Upstream {
  readonly send: Send;
  /** Opens a connection past all exchanges, for a tunnel. Rejects with an UpstreamError. */
  dial(to: Authority, signal: AbortSignal): Promise<Socket>;
  /**
   * Rejects with an UpstreamError, its status 508, when the way to an origin would come back to one of our own listeners; undefined where
   * that is out of the question.
   */
  refuseLoop(origin: Origin): Promise<void> | undefined;
  /** Every `host:port` that a connection was ever opened to, tried or asked a proxy for; the proxies among them. */
  readonly contacted: ReadonlySet<string>;
  /** Ends all connections at once, also those in use. Resolves when their sockets are closed; from then on `send` rejects. */
  close(): Promise<void>;
}

/**
 * Makes the client side: HTTP/2 where the other side takes it, else HTTP/1.1, over connections that are kept for the next request to their origin.
 *
 * A connection that turns out stale before anything was written is replaced. One that closes after a safe request without
 * content was written, and before a byte came back, is replaced once; so is one on which HTTP/2 says that it did nothing with the
 * request. Nothing else is ever sent twice (RFC 9112 §9.3.1, RFC 9113 §8.7).
 * @param contacted takes what was contacted
 * @throws ConfigError for CA or client certificates that cannot be read.
 */
export function createUpstream(
  options: UpstreamOptions,
  limits: Limits,
  now: () => number,
  contacted = new Set<string>(),
): Upstream {
  if (options.ca !== undefined) checkCertificates(options.ca);
  let isClosed = false;
  const tls = {
    insecure: options.insecure,
    secureContext: secureContexts(options.ca, new ClientCertificates(options.clientCertificates ?? [])),
  };
  const dialer = new Dialer({
    proxyFor: options.proxyFor ?? (() => undefined),
    secure: (socket, host, where, signal) => secure(socket, host, where, tls, signal),
    contact: (where) => contacted.add(where),
  });
  const timeout = limits.upstreamConnect;

  const openings = new Openings();
  const connections = new UpstreamConnections({
    limits,
    now,
    openings,
    // A proxy that is asked for whole URLs is asked by HTTP/1.1.
    http2: (origin) => options.http2 !== false && !dialer.forwarderOf(origin),
    wayTo: (origin) => dialer.wayTo(origin),
    openStraight: (origin, signal) => openSocket(origin, { ...tls, dialer, timeout }, signal),
    openSocket: (origin, protocols, signal) => {
      const proxy = dialer.forwarderOf(origin);
      if (!proxy) return openSocket(origin, { ...tls, dialer, timeout, protocols }, signal);
      return openedWithin(timeout, dialer.wayTo(origin), signal, (late) =>
        dialer.dialForwarder(proxy, origin, late),
      );
    },
  });

  const send: Send = async (request, { signal, inform, contact, switched }) => {
    const straight = outgoingRequest(request, switched !== undefined);
    const { protocols } = straight;
    const forwarder = dialer.forwarderOf(request);
    const goesAlone = protocols.length > 0 || (forwarder !== undefined && !isForItsTarget(request));
    const proxy = goesAlone ? undefined : forwarder;
    const outgoing = proxy ? inAbsoluteForm(straight, request, proxy) : straight;
    const where = proxy ? dialer.wayTo(request) : formatAuthority(request.host, request.port);
    const notAsked = (why: string) => new UpstreamError(`${where} was not asked, because ${why}`);
    if (isClosed) throw notAsked('the proxy stops');
    if (signal.aborted) throw notAsked('the client has gone');
    contact();
    const exchange = { where, limits, now, inform, signal };
    if (goesAlone) {
      const attempt = (await connections.takeAlone(request, signal)).exchange(outgoing, exchange);
      const response = await attempt.response;
      const asked = { protocols, where, limits, now };
      if (attempt.switched) switched?.(await switchedUpstream(attempt.switched, request, response, asked));
      return response;
    }
    for (let isFirst = true; ; isFirst = false) {
      const { carrier, isKept } = await connections.take(request, signal, !isFirst);
      const attempt = carrier.exchange(outgoing, exchange);
      try {
        return ofOrigin(await attempt.response, proxy);
      } catch (error) {
        if (attempt.needsHttp1) connections.keepToHttp1(request.origin);
        const isStale = isKept && (attempt.isUnsent || (attempt.isUnanswered && outgoing.repeatable));
        if (!isFirst || !(isStale || attempt.isRefused) || signal.aborted || isClosed) throw error;
      }
    }
  };

  const dial: Upstream['dial'] = (to, signal) => {
    const origin = { scheme: 'https', ...to } as const;
    return openings.run(signal, (ended) =>
      openedWithin(timeout, dialer.wayTo(origin), ended, (late) => dialer.dial(origin, late, true)),
    );
  };

  const close = async () => {
    isClosed = true;
    openings.close();
    await connections.close();
  };

  return { send, dial, refuseLoop: (origin) => dialer.refuseLoop(origin), contacted, close };
}

/** The response, unless it is the proxy that asks us for credentials: that is not for clients to hear. */
function ofOrigin(response: HttpResponse, proxy: UpstreamProxy | undefined): HttpResponse {
  if (!proxy || response.status !== 407) return response;
  response.body.cancel();
  throw credentialsRefused(proxy);
}
