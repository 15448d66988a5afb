import type { Socket } from 'node:net';
import type { ListenAddress } from './own-listeners';
import { Port } from './port';

/** A port of its own for each session that asked for one: who comes through it is of that session. */
export class SessionPorts {
  readonly #ports = new Map<string, { port: Port; address: Promise<ListenAddress> }>();
  readonly #host: string;
  readonly #connected: (socket: Socket, session: string) => void;

  constructor(host: string, connected: (socket: Socket, session: string) => void) {
    this.#host = host;
    this.#connected = connected;
  }

  /** Opens the session's port, or finds it. Rejects when the address cannot be listened on. */
  open(session: string): Promise<ListenAddress> {
    const known = this.#ports.get(session);
    if (known) return known.address;
    const port = new Port((socket) => this.#connected(socket, session));
    const address = port.listen({ host: this.#host, port: 0 });
    address.catch(() => {
      if (this.#ports.get(session)?.port === port) this.#ports.delete(session);
    });
    this.#ports.set(session, { port, address });
    return address;
  }

  /** Closes the session's port; connections that stand are served to their end. */
  close(session: string): void {
    this.#ports.get(session)?.port.close();
    this.#ports.delete(session);
  }

  /** Closes all of them. */
  closeAll(): void {
    for (const session of this.#ports.keys()) this.close(session);
  }
}
