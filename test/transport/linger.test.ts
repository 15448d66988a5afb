import assert from 'node:assert/strict';
import { once } from 'node:events';
import { endWith } from '../../src/transport/linger';
import { RawClient } from '../support/raw-client';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('endWith', () => {
  afterEach(closeSocketPairs);

  it('gets the last bytes to a client that is still sending', async () => {
    const { ours, theirs } = await socketPair();
    const client = new RawClient(theirs);
    client.send('x'.repeat(1_000_000));
    endWith(ours, Buffer.from('enough'));
    assert.equal(await client.end(), 'enough');
  });

  it('gives up on a client that does not hang up', async function () {
    this.slow(6_000);
    const { ours, theirs } = await socketPair();
    theirs.resume();
    endWith(ours);
    await once(ours, 'close');
  });
});
