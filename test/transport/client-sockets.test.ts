import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ClientSockets } from '../../src/transport/client-sockets';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

const ACCESS = { allowLan: false, allowPublic: false };

describe('the sockets of clients', () => {
  afterEach(closeSocketPairs);

  it('are as many as may be, those that have gone not counted', async () => {
    const sockets = new ClientSockets(ACCESS, 1);
    const first = await socketPair();
    assert.equal(sockets.admit(first.ours), true);
    const second = await socketPair();
    assert.equal(sockets.admit(second.ours), false);
    assert.match(await text(second.theirs), /^HTTP\/1\.1 503 [^]*as many connections as it may\n$/);
    second.theirs.end();
    first.ours.destroy();
    await Promise.all([once(first.ours, 'close'), once(second.ours, 'close')]);
    assert.equal(sockets.admit((await socketPair()).ours), true);
  });

  it('that speak SOCKS are told nothing that they could not read', async () => {
    const sockets = new ClientSockets(ACCESS, 0);
    const { ours, theirs } = await socketPair();
    assert.equal(sockets.admit(ours, 'SOCKS'), false);
    assert.equal(await text(theirs), '');
    theirs.end();
  });

  it('all end at once', async () => {
    const sockets = new ClientSockets(ACCESS, 1);
    const [client, upstream] = [await socketPair(), await socketPair()];
    sockets.admit(client.ours);
    sockets.track(upstream.ours);
    await sockets.destroy();
    assert.deepEqual([client.ours.closed, upstream.ours.closed], [true, true]);
    await sockets.destroy();
  });
});
