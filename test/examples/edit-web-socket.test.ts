import assert from 'node:assert/strict';
import editWebSocket from '../../examples/edit-web-socket';
import { stopWebSockets, throughTunnel, WebSocketOrigin } from '../support/web-sockets';
import { startProxy, stopProxies } from '../support/wire';

describe('example: edit a WebSocket', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  it('greets, shouts and drops', async () => {
    const heard: string[] = [];
    const origin = await WebSocketOrigin.start((socket) =>
      socket.on('message', (data: Buffer) => {
        heard.push(data.toString());
        socket.send('hello');
      }),
    );
    const client = await (await throughTunnel(await startProxy([editWebSocket]), origin)).opened();
    client.socket.send('{"typing":true}');
    client.socket.send('hi');
    assert.deepEqual(await client.got(2), ['through the proxy', 'HELLO']);
    assert.deepEqual(heard, ['hi']);
  });
});
