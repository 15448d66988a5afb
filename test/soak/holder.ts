import { connect, type Socket } from 'node:net';

/** Holds connections open, for a process of its own: `idle` ones that say nothing more, `slow` ones that send a byte each 500 ms. */
async function main([port, idle, slow]: readonly number[]): Promise<void> {
  const sockets: Socket[] = [];
  const open = () =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: port! }, () => resolve(socket));
      socket.once('error', reject);
      sockets.push(socket);
    });
  const greeting = 'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n';
  for (let i = 0; i < idle!; i += 100)
    await Promise.all(Array.from({ length: 100 }, async () => (await open()).write(greeting)));
  const slowOnes = await Promise.all(Array.from({ length: slow! }, open));
  let at = 0;
  const head = `GET http://a.example/ HTTP/1.1\r\nX-Slow: ${'x'.repeat(10_000)}`;
  setInterval(() => {
    for (const socket of slowOnes) if (!socket.destroyed) socket.write(head[at % head.length]!);
    at += 1;
  }, 500);
  for (const socket of sockets) socket.on('error', () => {});
  process.send?.('held');
}

void main(process.argv.slice(2).map(Number));
