import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isOwnListener } from '../../src/transport/own-listeners';
import { Port } from '../../src/transport/port';
import { RawClient } from '../support/raw-client';

describe('a port', () => {
  it('hands over who comes, who may have ended his side, until it is closed', async () => {
    const port = new Port((socket) => {
      socket.resume().once('end', () => socket.end('still heard'));
    });
    const address = await port.listen({ host: '127.0.0.1', port: 0 });
    assert.equal(await isOwnListener(address.host, address.port), true);
    const client = await RawClient.open(address);
    client.socket.end();
    assert.equal(await client.end(), 'still heard');
    const standing = await RawClient.open(address);
    port.close();
    assert.equal(await isOwnListener(address.host, address.port), true, 'until the last has gone');
    await assert.rejects(RawClient.open(address), { code: 'ECONNREFUSED' });
    standing.socket.end();
    assert.equal(await standing.end(), 'still heard');
    await once(standing.socket, 'close');
  });

  it('says which one is in use', async () => {
    const first = new Port(() => {});
    const address = await first.listen({ host: '127.0.0.1', port: 0 });
    await assert.rejects(new Port(() => {}).listen(address), {
      name: 'ConfigError',
      message: new RegExp(`port ${address.port} on 127\\.0\\.0\\.1 is in use`),
    });
    first.close();
  });
});
