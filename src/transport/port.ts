import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ConfigError } from '../errors';
import { listenError } from './listen-error';
import { announceListener, type ListenAddress } from './own-listeners';

/** One more port that clients may come through, beside the engine's own. */
export class Port {
  readonly #server: Server;

  /** `connected` gets each socket as it is accepted, before a byte was read. */
  constructor(connected: (socket: Socket) => void) {
    // As Node's HTTP server has it: who has said all that it wants may still be answered.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, connected);
  }

  /** Takes the address, any free port for 0. Rejects with a ConfigError when it is taken or not ours, or `close` comes first. */
  async listen({ host, port }: ListenAddress): Promise<ListenAddress> {
    const server = this.#server;
    server.listen({ host, port });
    const closed = once(server, 'close').then(() => {
      throw new ConfigError('the port was closed before it was open');
    });
    closed.catch(() => {});
    await Promise.race([once(server, 'listening'), closed]).catch((error: Error) => {
      throw error instanceof ConfigError ? error : listenError(error, host, port);
    });
    const address = { host, port: (server.address() as AddressInfo).port };
    const unannounce = announceListener(address);
    server.once('close', unannounce);
    return address;
  }

  /** Takes no more connections; those that stand are served to their end. */
  close(): void {
    this.#server.close();
  }
}
