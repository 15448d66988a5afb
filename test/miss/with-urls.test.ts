import assert from 'node:assert/strict';
import type { Miss } from 'replay-proxy';
import { withUrls } from '../../src/miss/with-urls';

describe('withUrls', () => {
  it('changes every URL of a miss, and nothing else', () => {
    const entry = (url: string) => ({ source: 'a.har', number: 1, method: 'GET', url });
    const miss = (url: string): Miss => ({
      method: 'GET',
      url,
      session: 'one',
      reason: 'never recorded',
      sources: ['a.har'],
      entries: 1,
      used: { count: 1, entries: [entry(url)], lastUsedAt: 5 },
      unfit: [{ entry: entry(url), why: 'w', advice: 'a' }],
      departure: { entry: entry(url), how: 'unlike', message: 1, of: 2 },
      nearest: [{ entry: entry(url), isUsed: true, differences: [{ facet: 'port', asked: '1' }], more: 2 }],
    });
    assert.deepEqual(
      withUrls(miss('http://a/'), () => 'http://b/'),
      miss('http://b/'),
    );
  });
});
