import { resourcesNow, settlesTo } from '../support/resources';
import { frame } from '../support/frames';
import { echo, stopWebSockets, throughTunnel, WebSocketOrigin } from '../support/web-sockets';
import { startProxy, stopProxies } from '../support/wire';

describe('WebSockets that end in every way', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  it('leave nothing open', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([], { limits: { webSocketClose: 100 } });
    const held = resourcesNow();
    for (let turn = 0; turn < 60; turn += 1) {
      const client = await (await throughTunnel(proxy, origin)).opened();
      const server = origin.sockets[turn]!;
      client.socket.send('x'.repeat(5_000));
      await client.got(1);
      const ends = [
        () => client.socket.close(1000),
        () => server.close(4000),
        () => client.socket.terminate(),
        () => server.terminate(),
        () => (client.socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(frame(0x83)),
        () => client.socket.close(),
      ];
      ends[turn % ends.length]!();
      await client.closed();
    }
    await settlesTo(held);
  });
});
