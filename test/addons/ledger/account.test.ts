import assert from 'node:assert/strict';
import { kill, Redaction } from 'replay-proxy';
import { Account } from '../../../addons/ledger/account';
import { fakeProxy } from '../../support/addons';

describe('Account', () => {
  it('counts a flow for the run and for its session, and lists it by what became of it', async () => {
    const { run, hooks } = fakeProxy([]);
    hooks.request.tap('Kill', () => kill());
    const { flow } = await run('http://h/?token=s3cret');
    const account = new Account(new Redaction(['query.token']));
    account.add(flow, 'killed');
    assert.deepEqual([account.counts.killed, account.sessions.get('')?.killed], [1, 1]);
    assert.deepEqual(
      account.lists.killed.map(({ url, outcome }) => `${url} ${outcome}`),
      ['http://h/?token=redacted killed'],
    );
    const copy = account.copy();
    copy.add(flow, 'failed');
    assert.deepEqual([copy.counts.killed, copy.counts.failed, copy.lists.failed.length], [1, 1, 1]);
    assert.deepEqual(
      [account.counts.failed, account.lists.failed.length, account.sessions.get('')?.failed],
      [0, 0, 0],
    );
  });
});
