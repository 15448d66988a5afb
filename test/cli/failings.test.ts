import assert from 'node:assert/strict';
import type { Report } from '../../addons/ledger';
import { noCounts } from '../../addons/ledger/counts';
import { failings } from '../../src/cli/failings';

const flow = (path: string) => ({
  at: '2026-01-01T00:00:00.000Z',
  method: 'GET',
  url: `http://h${path}`,
  outcome: 'forwarded' as const,
});

const report: Report = {
  kind: 'replay-proxy report',
  version: 1,
  longestList: 1000,
  startedAt: '',
  endedAt: null,
  counts: { ...noCounts(), missed: 1, forwarded: 7, failed: 1, unused: 1 },
  missed: [flow('/missed')],
  forwarded: [
    { ...flow('/out'), by: 'SpareLocalhost' },
    ...['/1', '/2', '/3', '/4', '/5', '/6'].map((path) => flow(path)),
  ],
  killed: [],
  failed: [{ ...flow('/failed'), error: 'h:80 refused the connection' }],
  refused: [],
  unused: [{ source: 'a.har', number: 3, method: 'GET', url: 'http://h/unused' }],
  contacted: [],
  sessions: {},
};

describe('failings', () => {
  it('name the guilty, up to five of a word', () => {
    assert.deepEqual(failings(report, ['missed', 'missed']), [
      '--fail-on missed: 1 request was missed',
      '  GET http://h/missed',
    ]);
    assert.deepEqual(failings(report, ['forwarded', 'unused']), [
      '--fail-on forwarded: 7 requests were forwarded',
      '  GET http://h/out: by addon SpareLocalhost',
      ...['/1', '/2', '/3', '/4'].map((path) => `  GET http://h${path}`),
      '  and 2 more',
      '--fail-on unused: 1 recorded entry was never used',
      '  #3 of a.har GET http://h/unused',
    ]);
    assert.match(failings(report, ['failed'])[1]!, /GET http:\/\/h\/failed: h:80 refused the connection$/);
  });

  it('are none where there is none', () => {
    assert.deepEqual(failings(report, ['killed']), []);
    assert.deepEqual(failings(report, []), []);
  });
});
