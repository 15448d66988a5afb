import assert from 'node:assert/strict';
import addHeader from '../../examples/add-header';
import { replaying } from '../support/examples';

describe('example: add a header', () => {
  it('says where a response came from', async () => {
    const { ask } = await replaying(addHeader, [{ url: 'http://shop.example/' }]);
    const { client } = await ask({ url: 'http://shop.example/' });
    assert.equal(client.response?.headers.get('x-served-by'), 'recording');
  });
});
