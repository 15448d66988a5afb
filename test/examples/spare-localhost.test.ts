import assert from 'node:assert/strict';
import spareLocalhost from '../../examples/spare-localhost';
import { replaying } from '../support/examples';

describe('example: spare localhost from kill', () => {
  it('lets out what goes to this machine, and kills the rest', async () => {
    const { ask, sent } = await replaying(spareLocalhost, []);
    assert.equal((await ask({ url: 'http://localhost:3000/' })).flow.outcome, 'forwarded');
    assert.equal((await ask({ url: 'http://[::1]:3000/' })).flow.outcome, 'forwarded');
    assert.equal((await ask({ url: 'http://shop.example/' })).flow.outcome, 'killed');
    assert.deepEqual(
      sent.map(({ host }) => host),
      ['localhost', '::1'],
    );
  });
});
