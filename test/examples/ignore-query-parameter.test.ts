import assert from 'node:assert/strict';
import ignoreCacheBuster from '../../examples/ignore-query-parameter';
import { replaying } from '../support/examples';

describe('example: ignore a query parameter', () => {
  it('matches whatever the parameter says, and nothing else more', async () => {
    const { ask } = await replaying(ignoreCacheBuster, [{ url: 'http://shop.example/a?q=1&_=123' }]);
    assert.equal((await ask({ url: 'http://shop.example/a?q=2&_=123' })).flow.outcome, 'killed');
    assert.equal((await ask({ url: 'http://shop.example/a?_=456&q=1' })).flow.outcome, 'replayed');
  });
});
