import assert from 'node:assert/strict';
import type { Miss } from 'replay-proxy';
import { LONGEST_URL, shortened } from '../../src/miss/shortened';

describe('shortened', () => {
  it('cuts every URL, and only those that are long', () => {
    const url = `http://h/?q=${'x'.repeat(10_000)}`;
    const entry = { source: 'a.har', number: 1, method: 'GET', url };
    const miss: Miss = {
      method: 'GET',
      url,
      session: '',
      reason: 'never recorded',
      sources: [],
      entries: 1,
      used: { count: 1, entries: [entry] },
      unfit: [{ entry, why: '', advice: '' }],
      nearest: [{ entry, isUsed: false, differences: [], more: 0 }],
    };
    const short = shortened(miss);
    const urls = [
      short.url,
      ...[short.used!.entries[0]!, short.unfit[0]!.entry, short.nearest[0]!.entry].map((one) => one.url),
    ];
    assert.ok(urls.every((one) => one.length <= LONGEST_URL && one.includes('…')));
    const plain = { ...miss, url: 'http://h/', used: { count: 0, entries: [] }, unfit: [], nearest: [] };
    assert.deepEqual(shortened(plain), plain);
  });
});
