import assert from 'node:assert/strict';
import refreshExpiresAt from '../../examples/refresh-header';
import { replaying } from '../support/examples';

describe('example: refresh a header of your own', () => {
  it('moves an ISO date by the shift, and leaves what is no date', async () => {
    const url = 'http://shop.example/';
    const { ask } = await replaying(
      refreshExpiresAt,
      ['2024-01-01T01:00:00.000Z', 'never'].map((at) => ({
        url,
        answer: { headers: { 'X-Expires-At': at } },
      })),
    );
    assert.equal(
      (await ask({ url })).client.response?.headers.get('x-expires-at'),
      '2024-01-02T01:00:00.000Z',
    );
    assert.equal((await ask({ url })).client.response?.headers.get('x-expires-at'), 'never');
  });
});
