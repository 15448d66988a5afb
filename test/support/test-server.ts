import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server of a test's own, listening. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Ends its connections, too. */
  stop(): Promise<void>;
}

/** Makes a server listen on a free port of 127.0.0.1. */
export async function listening(
  server: Pick<Server, 'listen' | 'address' | 'close' | 'on' | 'once'>,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = once(server as Server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
