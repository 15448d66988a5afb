import type { Socket } from 'node:net';
import { UpstreamError } from '../errors';
import { type Authority, formatAuthority } from '../http/authority';
import { ByteReader } from './byte-reader';
import { connectError } from './upstream-errors';
import { proxyAuthorization, proxyName, type UpstreamProxy } from './upstream-proxy';

/** Bytes that a proxy's answer may have. */
const LONGEST_HEAD = 64 * 1024;

/**
 * Asks the HTTP proxy at the other end of `socket` for a tunnel (RFC 9110 §9.3.6); from then on the socket is a connection to `to`.
 * @throws UpstreamError saying what the proxy said; the reason of `signal` when it aborts first.
 */
export async function askForTunnel(
  socket: Socket,
  to: Authority,
  proxy: UpstreamProxy,
  signal: AbortSignal,
): Promise<void> {
  const target = formatAuthority(to.host, to.port);
  const credentials = proxyAuthorization(proxy);
  const fields = [
    `Host: ${target}`,
    ...(credentials === undefined ? [] : [`Proxy-Authorization: ${credentials}`]),
  ];
  socket.write(`CONNECT ${target} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`, 'latin1');
  const reader = new ByteReader(socket, signal);
  try {
    for (;;) {
      const head = await reader.through('\r\n\r\n', LONGEST_HEAD);
      const [, digits, reason = ''] =
        /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/.exec(head?.toString('latin1') ?? '') ?? [];
      if (digits === undefined)
        throw new UpstreamError(`${proxyName(proxy)} answered CONNECT with what is no HTTP/1 response`);
      const status = Number(digits);
      if (status >= 200) return accepted(status, reason, target, proxy);
    }
  } catch (error) {
    throw connectError(error, proxyName(proxy));
  } finally {
    reader.release();
  }
}

/** The refusal of a proxy that wants other credentials than it got. */
export function credentialsRefused(proxy: UpstreamProxy): UpstreamError {
  return new UpstreamError(
    proxy.credentials
      ? `${proxyName(proxy)} does not accept the user name and password that it was given (407)`
      : `${proxyName(proxy)} asks for credentials (407); put them into its URL, ${proxy.kind}://user:password@host:port`,
  );
}

function accepted(status: number, reason: string, target: string, proxy: UpstreamProxy): void {
  if (status < 300) return;
  if (status === 407) throw credentialsRefused(proxy);
  const said = `${status} ${reason}`.trim().slice(0, 200);
  throw new UpstreamError(`${proxyName(proxy)} refused the way to ${target}: ${said}`, {
    status: status === 504 ? 504 : 502,
  });
}
