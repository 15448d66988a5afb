import assert from 'node:assert/strict';
import ignoreCsrf from '../../examples/ignore-json-field';
import { type Exchange, replaying } from '../support/examples';

function post(body: object): Exchange {
  const headers = { 'content-type': 'application/json' };
  return { url: 'http://shop.example/cart', method: 'POST', headers, body: JSON.stringify(body) };
}

describe('example: ignore a JSON field', () => {
  it('matches whatever the field says, and nothing else more', async () => {
    const { ask } = await replaying(ignoreCsrf, [post({ item: 1, csrf: 'abc' })]);
    assert.equal((await ask(post({ item: 2, csrf: 'abc' }))).flow.outcome, 'killed');
    assert.equal((await ask(post({ csrf: 'xyz', item: 1 }))).flow.outcome, 'replayed');
  });
});
