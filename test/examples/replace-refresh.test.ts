import assert from 'node:assert/strict';
import { formatHttpDate } from 'replay-proxy';
import onlyDate from '../../examples/replace-refresh';
import { replaying } from '../support/examples';

describe('example: replace ResponseRefresh whole', () => {
  it('sets Date to now and leaves the rest as recorded', async () => {
    const url = 'http://shop.example/';
    const old = formatHttpDate(0);
    const { ask } = await replaying(onlyDate, [{ url, answer: { headers: { date: old, expires: old } } }]);
    const { flow, client } = await ask({ url });
    assert.equal(client.response?.headers.get('date'), formatHttpDate(flow.startedAt));
    assert.equal(client.response?.headers.get('expires'), old);
  });
});
