import assert from 'node:assert/strict';
import { noCounts } from '../../addons/ledger/counts';
import { summaryLine } from '../../src/cli/summary';

describe('summaryLine', () => {
  it('tells what there always is, and what else there was', () => {
    assert.equal(summaryLine(noCounts()), '0 answered (0 refreshed), 0 forwarded, 0 killed');
    const counts = { ...noCounts(), answered: 2, refreshed: 1, forwarded: 3, recorded: 3, missed: 4 };
    assert.equal(
      summaryLine(counts, { entries: Array(9), remaining: 7 }),
      '2 answered (1 refreshed), 3 forwarded, 3 recorded, 0 killed, 4 missed; 7 of 9 entries left',
    );
    assert.equal(
      summaryLine({ ...noCounts(), killed: 1, failed: 1, aborted: 2 }, { entries: [], remaining: 0 }),
      '0 answered (0 refreshed), 0 forwarded, 1 killed, 1 failed, 2 aborted',
    );
  });
});
