import assert from 'node:assert/strict';
import { once } from 'node:events';
import { RawSocketEnd } from '../../src/transport/raw-end';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('RawSocketEnd', () => {
  afterEach(closeSocketPairs);

  it('passes bytes both ways until both sides have ended', async () => {
    const [a, b] = [await socketPair(), await socketPair()];
    const joined = new RawSocketEnd(a.ours).join(new RawSocketEnd(b.ours));
    a.theirs.end('ping');
    assert.equal(String((await once(b.theirs, 'data'))[0]), 'ping');
    b.theirs.end('pong');
    assert.equal(String((await once(a.theirs, 'data'))[0]), 'pong');
    await joined;
  });

  it('ends the other side with one that is gone, before or later', async () => {
    for (const early of [true, false]) {
      const [a, b] = [await socketPair(), await socketPair()];
      const [near, far] = [new RawSocketEnd(a.ours), new RawSocketEnd(b.ours)];
      if (early) far.close();
      const joined = near.join(far);
      if (!early) far.close();
      await joined;
      assert.ok(a.ours.destroyed && b.ours.destroyed);
    }
  });
});
