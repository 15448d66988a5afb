import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { ConfigError, UpstreamError } from '../errors';
import { type Origin, formatAuthority } from '../http/authority';
import { connectError } from './upstream-errors';

/** How sockets to upstream are opened. */
export interface SocketOptions {
  /** Milliseconds for TCP and TLS to stand. */
  readonly timeout: number;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** The certificates to trust; called for https only. */
  readonly secureContext: () => tls.SecureContext;
}

/**
 * Opens a connection to an origin, TLS included. An aborted `signal` lets go of it at once.
 * @throws UpstreamError saying why there is none.
 */
export function openSocket(origin: Origin, options: SocketOptions, signal: AbortSignal): Promise<Socket> {
  const where = formatAuthority(origin.host, origin.port);
  return new Promise((resolve, reject) => {
    let socket: Socket;
    try {
      signal.throwIfAborted();
      socket =
        origin.scheme === 'https'
          ? tls.connect(tlsOptions(origin, options))
          : connectTcp({ host: origin.host, port: origin.port });
    } catch (error) {
      reject(connectError(error, where));
      return;
    }
    const finish = (error?: UpstreamError) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', close);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => {}).destroy();
      reject(error);
    };
    const fail = (error: Error) => finish(connectError(error, where));
    const close = () => finish(new UpstreamError(`${where} closed the connection before it stood`));
    const abort = () => finish(new UpstreamError(`the connection to ${where} was given up before it stood`));
    const expire = () => {
      const sentence = `no connection to ${where} within ${options.timeout / 1000} s`;
      finish(new UpstreamError(sentence, { status: 504 }));
    };
    const timer = setTimeout(expire, options.timeout);
    signal.addEventListener('abort', abort, { once: true });
    socket
      .setNoDelay(true)
      .setKeepAlive(true, 60_000)
      .on('error', fail)
      .on('close', close)
      .once(origin.scheme === 'https' ? 'secureConnect' : 'connect', () => finish());
  });
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

/** The trusted certificates: Node's own, and `ca` in PEM if there is one. */
export function trustedCertificates(ca: string | undefined): tls.SecureContext {
  if (ca === undefined) return tls.createSecureContext();
  // Later releases than Node 20 can tell what they trust by default, NODE_EXTRA_CA_CERTS included.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return tls.createSecureContext({ ca: [...(getCACertificates?.('default') ?? tls.rootCertificates), ca] });
}

function tlsOptions(
  { host, port }: Origin,
  { insecure, secureContext }: SocketOptions,
): tls.ConnectionOptions {
  // SNI and certificates go without the dot of a fully qualified name (RFC 6066 §3).
  const name = host.replace(/\.$/, '');
  return {
    host,
    port,
    ...(isIP(host) ? {} : { servername: name }),
    secureContext: secureContext(),
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
  };
}
