import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { ConfigError } from '../errors';
import { type Origin, formatAuthority } from '../http/authority';
import type { ClientCertificates, Identity } from './client-certificates';
import type { Dialer } from './dial';
import { opened, openedWithin } from './opened';
import type { Protocol } from './spoken-protocols';
import { connectError } from './upstream-errors';

/** Errors of TLS, which Node does not keep. */
const failures = new WeakMap<Socket, Error>();

/** How TLS is put on connections to upstream. */
export interface TlsOptions {
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** The certificates to trust and to show; called for https only. */
  readonly secureContext: (host: string) => tls.SecureContext;
  /** What is offered by ALPN, the best first; `http/1.1` unless told. */
  readonly protocols?: readonly Protocol[];
}

/** How sockets to upstream are opened. */
export interface SocketOptions extends TlsOptions {
  readonly dialer: Dialer;
  /** Milliseconds for TCP, what a proxy asks for, and TLS to stand. */
  readonly timeout: number;
}

/**
 * Opens a connection to an origin, TLS included. An aborted `signal` lets go of it at once.
 * @throws UpstreamError saying why there is none.
 */
export function openSocket(origin: Origin, options: SocketOptions, signal: AbortSignal): Promise<Socket> {
  const { dialer, timeout } = options;
  return openedWithin(timeout, dialer.wayTo(origin), signal, async (ended) => {
    const socket = await dialer.dial(origin, ended);
    if (origin.scheme === 'http') return socket;
    return secure(socket, origin.host, formatAuthority(origin.host, origin.port), options, ended);
  });
}

/**
 * Puts TLS on a connection to `host`; `where` is its name in error sentences.
 * @throws UpstreamError saying why there is none; the reason of `signal` when it aborts first.
 */
export async function secure(
  socket: Socket,
  host: string,
  where: string,
  options: TlsOptions,
  signal: AbortSignal,
): Promise<Socket> {
  let secured: tls.TLSSocket;
  try {
    secured = tls.connect({ ...tlsOptions(host, options), socket });
  } catch (error) {
    socket.destroy();
    throw connectError(error, where);
  }
  await opened(secured, 'secureConnect', where, signal);
  return secured.on('error', (error) => failures.set(secured, error));
}

/** What broke a socket of `openSocket`, also when nobody listened: servers of TLS 1.3 refuse clients only after the handshake. */
export function failureOf(socket: Socket): Error | undefined {
  return failures.get(socket) ?? socket.errored ?? undefined;
}

/**
 * Checks certificates that a user gave, of which Node would skip in silence what it cannot read.
 * @throws ConfigError for what does not begin with a certificate in PEM.
 */
export function checkCertificates(ca: string): void {
  try {
    new X509Certificate(ca);
  } catch (error) {
    throw new ConfigError(
      'the upstream CA certificates cannot be read; give PEM, -----BEGIN CERTIFICATE----- and so on',
      { cause: error },
    );
  }
}

/** Makes what connections to a host go by, once for each certificate that is shown: `ca`, in PEM, is trusted beside Node's own. */
export function secureContexts(
  ca: string | undefined,
  certificates: ClientCertificates,
): (host: string) => tls.SecureContext {
  const made = new Map<Identity | undefined, tls.SecureContext>();
  return (host) => {
    const identity = certificates.of(host);
    const known = made.get(identity);
    if (known) return known;
    const trusted = trustedCertificates(ca);
    const context = tls.createSecureContext({ ...identity, ...(trusted && { ca: trusted }) });
    made.set(identity, context);
    return context;
  };
}

/** The trusted certificates: Node's own, and `ca` in PEM if there is one. */
function trustedCertificates(ca: string | undefined): string[] | undefined {
  if (ca === undefined) return undefined;
  // Later releases than Node 20 can tell what they trust by default, NODE_EXTRA_CA_CERTS included.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return [...(getCACertificates?.('default') ?? tls.rootCertificates), ca];
}

function tlsOptions(
  host: string,
  { insecure, secureContext, protocols = ['http/1.1'] }: TlsOptions,
): tls.ConnectionOptions {
  // SNI and certificates go without the dot of a fully qualified name (RFC 6066 §3).
  const name = host.replace(/\.$/, '');
  return {
    host,
    ...(isIP(host) ? {} : { servername: name }),
    secureContext: secureContext(host),
    rejectUnauthorized: !insecure,
    ALPNProtocols: [...protocols],
  };
}
