import assert from 'node:assert/strict';
import newestWins from '../../examples/newest-wins';
import { replaying } from '../support/examples';

describe('example: newest recording wins', () => {
  it('answers from the last entry to the first', async () => {
    const url = 'http://shop.example/';
    const { ask } = await replaying(
      newestWins,
      ['old', 'new'].map((body) => ({ url, answer: { body } })),
    );
    assert.equal(await (await ask({ url })).client.response?.body.text(), 'new');
    assert.equal(await (await ask({ url })).client.response?.body.text(), 'old');
    assert.equal((await ask({ url })).flow.outcome, 'killed');
  });
});
