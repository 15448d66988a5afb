import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Two sockets connected to each other; both are closed by `closeSocketPairs`. */
export async function socketPair(): Promise<{ ours: Socket; theirs: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const theirs = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const [ours] = (await accepted) as [Socket];
  server.close();
  for (const socket of [ours, theirs]) pairs.add(socket.on('error', () => {}));
  return { ours, theirs };
}

/** For `afterEach`. */
export function closeSocketPairs(): void {
  for (const socket of pairs) socket.destroy();
  pairs.clear();
}

const pairs = new Set<Socket>();
