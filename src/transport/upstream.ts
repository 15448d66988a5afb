import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Send } from '../core/ends';
import { UpstreamError } from '../errors';
import { formatAuthority } from '../http/authority';
import type { HttpRequest } from '../http/request';
import type { Limits, UpstreamOptions } from './options';
import { UpstreamConnection } from './upstream-connection';
import { UpstreamPool } from './upstream-pool';
import { outgoingRequest } from './upstream-request';
import { checkCertificates, openSocket, trustedCertificates } from './upstream-socket';

/** The way to origin servers. */
export interface Upstream {
  readonly send: Send;
  /** Every `host:port` that a connection was ever opened to or tried; raw tunnels are to add theirs. */
  readonly contacted: Set<string>;
  /** Ends all connections at once, also those in use. Resolves when their sockets are closed; from then on `send` rejects. */
  close(): Promise<void>;
}

/**
 * Makes the client side: HTTP/1.1 by undici, which is loaded with the first request, over connections that are kept for
 * the next request to their origin.
 *
 * A connection that turns out stale before anything was written is replaced. One that closes after a safe request without
 * content was written, and before a byte came back, is replaced once; nothing else is ever sent twice (RFC 9112 §9.3.1).
 * @throws ConfigError for CA certificates that cannot be read.
 */
export function createUpstream(options: UpstreamOptions, limits: Limits, now: () => number): Upstream {
  if (options.ca !== undefined) checkCertificates(options.ca);
  const contacted = new Set<string>();
  const pool = new UpstreamPool();
  const openings = new Set<AbortController>();
  let isClosed = false;
  let trusted: SecureContext | undefined;
  const socketOptions = {
    timeout: limits.upstreamConnect,
    insecure: options.insecure,
    secureContext: () => (trusted ??= trustedCertificates(options.ca)),
  };

  const open = async (request: HttpRequest, signal: AbortSignal): Promise<Socket> => {
    contacted.add(formatAuthority(request.host, request.port));
    const opening = new AbortController();
    const abort = () => opening.abort();
    openings.add(opening);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted || isClosed) abort();
    try {
      return await openSocket(request, socketOptions, opening.signal);
    } finally {
      signal.removeEventListener('abort', abort);
      openings.delete(opening);
    }
  };

  const send: Send = async (request, { signal, inform, contact }) => {
    const outgoing = outgoingRequest(request);
    const where = formatAuthority(request.host, request.port);
    const { Client } = await import('undici');
    if (isClosed || signal.aborted) {
      throw new UpstreamError(
        `${where} was not asked, because ${isClosed ? 'the proxy stops' : 'the client has gone'}`,
      );
    }
    contact();
    const { origin } = request;
    const exchange = { where, limits, now, inform, signal };
    const kept = pool.take(origin);
    if (kept) {
      const attempt = kept.exchange(outgoing, exchange);
      try {
        return await attempt.response;
      } catch (error) {
        const isStale = attempt.isUnsent || (attempt.isUnanswered && outgoing.repeatable);
        if (!isStale || signal.aborted || isClosed) throw error;
      }
    }
    const socket = await open(request, signal);
    if (isClosed) {
      socket.destroy();
      throw new UpstreamError(`${where} was not asked, because the proxy stops`);
    }
    const connection = new UpstreamConnection(Client, socket, limits, pool);
    pool.add(origin, connection);
    return connection.exchange(outgoing, exchange).response;
  };

  const close = async () => {
    isClosed = true;
    for (const opening of openings) opening.abort();
    await pool.close();
  };

  return { send, contacted, close };
}
