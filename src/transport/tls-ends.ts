import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { reasonOf } from '../errors';
import type { CertificateAuthority, Leaf } from './certificate-authority';
import { LruMap } from './lru-map';

const KEPT = 1000;
/** How TLS clients say that they do not know our authority (RFC 8446 §6.2). */
const DISTRUST = /unknown ca|bad certificate|certificate unknown/i;

/** What TLS is ended with. */
export interface TlsEndsOptions {
  readonly authority: CertificateAuthority;
  /** Milliseconds for a handshake. */
  readonly handshake: number;
  readonly warn: (line: string) => void;
}

/** Ends TLS for clients, with a certificate for the host that they name (SNI), else for the one that they asked a tunnel to. */
export class TlsEnds {
  // One server a host, since the certificate for clients without SNI is the server's own; none of them ever listens.
  readonly #servers = new LruMap<string, { readonly leaf: Leaf; readonly server: Server }>(KEPT);
  readonly #options: TlsEndsOptions;
  readonly #waiting = new Map<string, (secured: TLSSocket) => void>();
  readonly #warned = new Set<string>();

  constructor(options: TlsEndsOptions) {
    this.#options = options;
  }

  /**
   * Starts the handshake and calls `secured` when it stands; `protocols` are offered by ALPN (RFC 7301), the best first. Throws when
   * no certificate can be made for `host`.
   */
  accept(
    socket: Socket,
    host: string,
    protocols: readonly string[],
    secured: (socket: TLSSocket) => void,
  ): void {
    const server = this.#serverFor(host, protocols);
    // The server reports only its own socket; both have the same two ends.
    const ends = endsOf(socket);
    this.#waiting.set(ends, secured);
    socket.once('close', () => this.#waiting.delete(ends));
    server.emit('connection', socket);
  }

  #serverFor(host: string, protocols: readonly string[]): Server {
    const leaf = this.#options.authority.leafFor(host);
    const key = `${host} ${protocols.join(' ')}`;
    const kept = this.#servers.get(key);
    // The authority renews its leaves; a server keeps the one that it was made with.
    if (kept?.leaf === leaf) return kept.server;
    const server = this.#newServer(host, protocols, leaf);
    this.#servers.set(key, { leaf, server });
    return server;
  }

  #newServer(host: string, protocols: readonly string[], { key, cert }: Leaf): Server {
    const { authority, handshake } = this.#options;
    const server = createServer({
      key,
      cert,
      SNICallback: (name, done) => {
        try {
          // Making a context takes a millisecond: the one that the server has serves its own host.
          if (name.toLowerCase() === host) done(null);
          else done(null, authority.secureContextFor(name));
        } catch (error) {
          done(error as Error);
        }
      },
      ALPNProtocols: [...protocols],
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshake,
    });
    server.on('secureConnection', (socket) => {
      const ends = endsOf(socket);
      const secured = this.#waiting.get(ends);
      this.#waiting.delete(ends);
      if (secured) secured(socket);
      else socket.destroy();
    });
    server.on('tlsClientError', (error, socket) => {
      this.#tell(host, error);
      socket.destroy();
    });
    return server;
  }

  #tell(host: string, error: Error): void {
    if (!DISTRUST.test(reasonOf(error)) || this.#warned.size >= KEPT || this.#warned.has(host)) return;
    this.#warned.add(host);
    const { authority, warn } = this.#options;
    warn(
      `a client does not trust the certificate for ${host}; make it trust ${authority.certificatePath}, or leave that host alone with --ignore-hosts ${host}`,
    );
  }
}

function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
}
