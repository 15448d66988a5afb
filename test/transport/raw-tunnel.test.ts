import assert from 'node:assert/strict';
import { once } from 'node:events';
import { joinSockets, openTunnel } from '../../src/transport/raw-tunnel';
import { announceListener } from '../../src/transport/own-listeners';
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

  it('does not lead back to us', async () => {
    const { ours } = await socketPair();
    const forget = announceListener({ host: '127.0.0.1', port: 65_004 });
    const limits = { upstreamConnect: 1_000 };
    await assert.rejects(openTunnel({ host: '127.0.0.1', port: 65_004 }, limits, ours, assert.fail), {
      status: 508,
    });
    forget();
    assert.equal(ours.listenerCount('close'), 0);
  });
});
