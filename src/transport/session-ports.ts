import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ConfigError } from '../errors';
import { listenError } from './listen-error';
import { announceListener } from './own-listeners';

/** Where the port of a session listens. */
export interface SessionAddress {
  readonly host: string;
  readonly port: number;
}

/** A port of its own for each session that asked for one: who comes through it is of that session. */
export class SessionPorts {
  readonly #ports = new Map<string, { server: Server; address: Promise<SessionAddress> }>();
  readonly #host: string;
  readonly #connected: (socket: Socket, session: string) => void;

  constructor(host: string, connected: (socket: Socket, session: string) => void) {
    this.#host = host;
    this.#connected = connected;
  }

  /** Opens the session's port, or finds it. Rejects when the address cannot be listened on. */
  open(session: string): Promise<SessionAddress> {
    const known = this.#ports.get(session);
    if (known) return known.address;
    const server = createServer({ noDelay: true }, (socket) => this.#connected(socket, session));
    const address = this.#listen(server);
    address.catch(() => {
      if (this.#ports.get(session)?.server === server) this.#ports.delete(session);
    });
    this.#ports.set(session, { server, address });
    return address;
  }

  /** Closes the session's port; connections that stand are served to their end. */
  close(session: string): void {
    this.#ports.get(session)?.server.close();
    this.#ports.delete(session);
  }

  /** Closes all of them. */
  closeAll(): void {
    for (const session of this.#ports.keys()) this.close(session);
  }

  async #listen(server: Server): Promise<SessionAddress> {
    server.listen({ host: this.#host, port: 0 });
    const closed = once(server, 'close').then(() => {
      throw new ConfigError('the port of the session was closed before it was open');
    });
    closed.catch(() => {});
    await Promise.race([once(server, 'listening'), closed]).catch((error: Error) => {
      throw error instanceof ConfigError ? error : listenError(error, this.#host, 0);
    });
    const address = { host: this.#host, port: (server.address() as AddressInfo).port };
    const unannounce = announceListener(address);
    server.once('close', unannounce);
    return address;
  }
}
