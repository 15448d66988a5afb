import type { Socket } from 'node:net';
import { UpstreamError } from '../errors';
import { type Authority, formatAuthority } from '../http/authority';
import { ByteReader } from './byte-reader';
import { SOCKS, socksAddress } from './socks';
import { connectError } from './upstream-errors';
import { proxyName, type UpstreamProxy } from './upstream-proxy';

const { methods, addresses, replies } = SOCKS;

/** What a reply other than 0 says (RFC 1928 §6). */
const REPLIES: Readonly<Record<number, string>> = {
  [replies.failure]: 'general failure',
  [replies.forbidden]: 'its rules do not allow it',
  [replies.networkUnreachable]: 'the network is unreachable',
  [replies.hostUnreachable]: 'the host is unreachable',
  [replies.refused]: 'the connection was refused',
  [replies.expired]: 'it took too long to get there',
  [replies.commandUnknown]: 'it does not know CONNECT',
  [replies.addressUnknown]: 'it does not know this kind of address',
};

/**
 * Asks the SOCKS5 proxy at the other end of `socket` for a connection to `to`, whose name it looks up itself; from then on the socket is that
 * connection.
 * @throws UpstreamError saying what the proxy said; the reason of `signal` when it aborts first.
 */
export async function askSocks(
  socket: Socket,
  to: Authority,
  proxy: UpstreamProxy,
  signal: AbortSignal,
): Promise<void> {
  const reader = new ByteReader(socket, signal);
  const fail = (problem: string, status: 502 | 504 = 502) =>
    new UpstreamError(`${proxyName(proxy)} ${problem}`, { status });
  try {
    await greet(socket, reader, proxy, fail);
    socket.write(
      Buffer.concat([Buffer.from([SOCKS.version, SOCKS.connect, 0]), socksAddress(to.host, to.port)]),
    );
    const [version, reply = 1, , kind] = await reader.bytes(4);
    if (version !== SOCKS.version) throw fail('does not speak SOCKS5; check its scheme and its port');
    if (reply !== replies.succeeded) {
      const said = REPLIES[reply] ?? 'a reply that RFC 1928 does not have';
      const where = formatAuthority(to.host, to.port);
      throw fail(
        `refused the way to ${where}: ${said} (SOCKS reply ${reply})`,
        reply === replies.expired ? 504 : 502,
      );
    }
    const length = kind === addresses.v4 ? 4 : kind === addresses.v6 ? 16 : ((await reader.bytes(1))[0] ?? 0);
    await reader.bytes(length + 2);
  } catch (error) {
    throw connectError(error, proxyName(proxy));
  } finally {
    reader.release();
  }
}

async function greet(
  socket: Socket,
  reader: ByteReader,
  { credentials }: UpstreamProxy,
  fail: (problem: string) => UpstreamError,
): Promise<void> {
  const offered = credentials ? [methods.none, methods.login] : [methods.none];
  socket.write(Buffer.from([SOCKS.version, offered.length, ...offered]));
  const [version, method] = await reader.bytes(2);
  if (version !== SOCKS.version) throw fail('does not speak SOCKS5; check its scheme and its port');
  if (method === methods.none) return;
  if (!credentials)
    throw fail('asks for credentials; put them into its URL, socks5://user:password@host:port');
  if (method !== methods.login)
    throw fail('asks for credentials of another kind than user name and password');
  const [user, password] = [Buffer.from(credentials.user), Buffer.from(credentials.password)];
  socket.write(Buffer.from([SOCKS.loginVersion, user.length, ...user, password.length, ...password]));
  const [, status] = await reader.bytes(2);
  if (status !== 0) throw fail('does not accept the user name and password that it was given');
}
