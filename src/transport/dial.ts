import { connect as connectTcp, type Socket } from 'node:net';
import { type Authority, formatAuthority, type Origin } from '../http/authority';
import { askForTunnel } from './http-connect';
import { loopError } from './loop-guard';
import { opened } from './opened';
import { isOwnListener, isOwnPort } from './own-listeners';
import { askSocks } from './socks-client';
import { proxyName, type ProxyFor, type UpstreamProxy } from './upstream-proxy';

/** How a dialer finds its way. */
export interface DialerOptions {
  readonly proxyFor: ProxyFor;
  /** Puts TLS on a connection to a proxy that asks for it; `where` is its name in error sentences. */
  readonly secure: (socket: Socket, host: string, where: string, signal: AbortSignal) => Promise<Socket>;
  /** Told every `host:port` before it is contacted or asked for: the server, and the proxy that stands before it. */
  readonly contact: (where: string) => void;
}

/** The one place where connections to upstream begin: straight, or through the proxy that stands before an origin. */
export class Dialer {
  readonly #options: DialerOptions;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /**
   * The proxy that is asked for whole URLs of the origin, as plain HTTP goes through proxies of HTTP (RFC 9112 §3.2.2): many refuse CONNECT to
   * port 80. Undefined where a connection to the origin is opened.
   */
  forwarderOf(origin: Origin): UpstreamProxy | undefined {
    const proxy = origin.scheme === 'http' ? this.#options.proxyFor(origin) : undefined;
    return proxy?.kind === 'socks5' ? undefined : proxy;
  }

  /** The way to an origin as error sentences name it. */
  wayTo(origin: Origin): string {
    const where = formatAuthority(origin.host, origin.port);
    const proxy = this.#options.proxyFor(origin);
    return proxy ? `${where} through ${proxyName(proxy)}` : where;
  }

  /**
   * Refuses a way that would come back to one of our own listeners; undefined where no port on it is one of ours. Rejects with an
   * UpstreamError, its status 508.
   */
  refuseLoop(origin: Origin): Promise<void> | undefined {
    const proxy = this.#options.proxyFor(origin);
    if (!isOwnPort(origin.port) && !(proxy && isOwnPort(proxy.port))) return undefined;
    return this.#refuseLoop(origin, proxy);
  }

  async #refuseLoop({ host, port }: Origin, proxy: UpstreamProxy | undefined): Promise<void> {
    // Behind a proxy, names are not for us to look up.
    if (await isOwnListener(host, port, proxy ? 'as written' : 'looked up'))
      throw loopError(formatAuthority(host, port));
    if (proxy && (await isOwnListener(proxy.host, proxy.port))) throw loopError(proxyName(proxy));
  }

  /**
   * Opens a connection to the origin's port, on which nothing is said yet. One that `outlastsEnd` can be written to after the other side has ended.
   * @throws UpstreamError saying why there is none; the reason of `signal` when it aborts first.
   */
  async dial(origin: Origin, signal: AbortSignal, outlastsEnd = false): Promise<Socket> {
    await this.refuseLoop(origin);
    const proxy = this.#options.proxyFor(origin);
    const where = formatAuthority(origin.host, origin.port);
    this.#options.contact(where);
    if (!proxy) return connected(origin, where, signal, outlastsEnd);
    const socket = await this.#dialProxy(proxy, signal, outlastsEnd);
    try {
      await (proxy.kind === 'socks5' ? askSocks : askForTunnel)(socket, origin, proxy, signal);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /**
   * Opens a connection to the proxy that is asked for whole URLs of the origin.
   * @throws UpstreamError saying why there is none; the reason of `signal` when it aborts first.
   */
  async dialForwarder(proxy: UpstreamProxy, origin: Origin, signal: AbortSignal): Promise<Socket> {
    await this.refuseLoop(origin);
    this.#options.contact(formatAuthority(origin.host, origin.port));
    return this.#dialProxy(proxy, signal);
  }

  async #dialProxy(proxy: UpstreamProxy, signal: AbortSignal, outlastsEnd = false): Promise<Socket> {
    const { contact, secure } = this.#options;
    contact(formatAuthority(proxy.host, proxy.port));
    const where = proxyName(proxy);
    const socket = await connected(proxy, where, signal, outlastsEnd);
    return proxy.kind === 'https' ? secure(socket, proxy.host, where, signal) : socket;
  }
}

async function connected(
  { host, port }: Authority,
  where: string,
  signal: AbortSignal,
  allowHalfOpen: boolean,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectTcp({ host, port, allowHalfOpen });
  await opened(socket, 'connect', where, signal);
  // Who reads or writes hears of errors; between two of them nobody does.
  return socket
    .on('error', () => {})
    .setNoDelay(true)
    .setKeepAlive(true, 60_000);
}
