import assert from 'node:assert/strict';
import notFoundInstead from '../../examples/not-found-instead';
import { replaying } from '../support/examples';

describe('example: 404 instead of killing', () => {
  it('answers with the request that was not recorded', async () => {
    const { ask, sent } = await replaying(notFoundInstead, []);
    const { client } = await ask({ url: 'http://shop.example/gone?x=1' });
    assert.equal(client.response?.status, 404);
    assert.equal(
      await client.response?.body.text(),
      'nothing is recorded for GET http://shop.example/gone?x=1\n',
    );
    assert.equal(sent.length, 0);
  });
});
