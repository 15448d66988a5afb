import assert from 'node:assert/strict';
import maintenance from '../../examples/answer-locally';
import { replaying } from '../support/examples';

describe('example: answer locally', () => {
  it('answers before the recording does, and asks nobody', async () => {
    const { ask, sent } = await replaying(maintenance, [
      { url: 'http://shop.example/checkout' },
      { url: 'http://shop.example/' },
    ]);
    const { client, flow } = await ask({ url: 'http://shop.example/checkout' });
    assert.equal(client.response?.status, 503);
    assert.equal(flow.outcome, 'answered');
    assert.equal((await ask({ url: 'http://shop.example/' })).flow.outcome, 'replayed');
    assert.equal(sent.length, 0);
  });
});
