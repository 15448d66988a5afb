import assert from 'node:assert/strict';
import serveChat from '../../examples/serve-web-socket';
import { speakOn, stopWebSockets } from '../support/web-sockets';
import { startProxy, stopProxies } from '../support/wire';

describe('example: serve a WebSocket', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  it('talks to the client and asks nobody', async () => {
    const proxy = await startProxy([serveChat]);
    const connection = await proxy.tunnel('chat.invalid', 443);
    const client = await speakOn(connection, 'http://chat.invalid/chat').opened();
    client.socket.send('hi');
    client.socket.send('bye');
    assert.deepEqual(await client.got(3), ['welcome', 'you said: hi', 'you said: bye']);
    assert.equal(await client.closed(), '1000');
    assert.equal(proxy.proxy.contacted.size, 0);
  });
});
