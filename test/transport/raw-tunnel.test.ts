import assert from 'node:assert/strict';
import { once } from 'node:events';
import { joinSockets, openTunnel } from '../../src/transport/raw-tunnel';
import { RawClient } from '../support/raw-client';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('a raw tunnel', () => {
  afterEach(closeSocketPairs);

  async function joined() {
    const [left, right] = [await socketPair(), await socketPair()];
    joinSockets(left.ours, right.ours);
    return {
      client: new RawClient(left.theirs),
      server: new RawClient(right.theirs),
      outer: left.ours,
      inner: right.ours,
    };
  }

  it('lets one side end while the other still sends', async () => {
    const { client, server } = await joined();
    client.send('question').socket.end();
    assert.equal(await server.until(/question/), 'question');
    await new Promise(setImmediate);
    server.send('answer').socket.end();
    assert.equal(await client.end(), 'answer');
  });

  it('breaks off on both sides', async () => {
    const { client, inner } = await joined();
    client.socket.resetAndDestroy();
    await once(inner, 'close');
  });

  it('breaks off on both sides when one side that has ended is closed', async () => {
    const { client, outer, inner } = await joined();
    client.socket.end();
    await once(outer, 'end');
    outer.destroy();
    await once(inner, 'close');
  });

  it('is given up when the client leaves before it stands', async () => {
    const { ours, theirs } = await socketPair();
    const opening = openTunnel(ours, (signal) => once(signal, 'abort').then(() => 'given up'));
    theirs.resetAndDestroy();
    assert.equal(await opening, 'given up');
  });

  it('leaves the client alone once it stands', async () => {
    const { ours } = await socketPair();
    assert.equal(await openTunnel(ours, () => Promise.resolve(1)), 1);
    await assert.rejects(
      openTunnel(ours, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
    assert.equal(ours.listenerCount('close'), 0);
  });
});
