import assert from 'node:assert/strict';
import refreshTokens from '../../examples/refresh-json-body';
import { replaying } from '../support/examples';

describe('example: refresh a date inside JSON', () => {
  it('moves expires_at in JSON, and only there', async () => {
    const url = 'http://shop.example/';
    const body = '{"token":"t","expires_at": 1704067200}';
    const { ask } = await replaying(
      refreshTokens,
      ['application/json', 'text/plain'].map((type) => ({
        url,
        answer: { headers: { 'content-type': type }, body },
      })),
    );
    assert.equal(
      await (await ask({ url })).client.response?.body.text(),
      '{"token":"t","expires_at": 1704153600}',
    );
    assert.equal(await (await ask({ url })).client.response?.body.text(), body);
  });
});
