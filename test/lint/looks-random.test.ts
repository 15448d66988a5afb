import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isUuid, looksRandom } from '../../src/lint/looks-random';

describe('isUuid', () => {
  it('knows UUIDs, with and without hyphens', () => {
    assert.ok(isUuid('0190163d-8694-739b-aea5-966c26f8ad91'));
    assert.ok(isUuid('0190163D8694739BAEA5966C26F8AD91'));
    assert.ok(!isUuid('00000000-0000-0000-0000-000000000000'));
    assert.ok(!isUuid('0190163d-8694-739b-aea5'));
  });
});

describe('looksRandom', () => {
  /** 200 texts that look drawn at random and are the same in each run. */
  const digests = Array.from({ length: 200 }, (_, i) => createHash('sha256').update(String(i)).digest());

  it('knows hex, base64 and what is like it', () => {
    for (const coding of ['hex', 'base64', 'base64url'] as const) {
      const missed = digests.map((bytes) => bytes.toString(coding)).filter((text) => !looksRandom(text));
      assert.ok(missed.length <= 2, missed.join(' '));
    }
    assert.ok(looksRandom('01ARZ3NDEKTSV4RRFFQ69G5FAV'));
    assert.ok(looksRandom('k3j9x2m8p4q7w1z5'));
  });

  it('is not deceived by names, numbers and encoded text', () => {
    const plain = [
      'getProductDetailsV2',
      'iphone-15-pro-max-256gb',
      'video_1080p_h264_main_profile',
      'summersale2026-50off-everything',
      'application/vnd.api+json',
      'com/example/app/v2/Main',
      '12345678901234567890',
      'aaaaaaaaaaaaaaaa1',
      'deadbeefdeadbeefdeadbeef',
      'thequickbrownfoxjumps',
      'd41d8cd98f00b2',
      Buffer.from('{"id":123,"after":true}').toString('base64'),
      Buffer.from('cursor:item:1234567').toString('base64url'),
    ];
    assert.deepEqual(plain.filter(looksRandom), []);
  });

  it('takes no time for a long text', () => {
    assert.ok(!looksRandom('a1'.repeat(1_000_000)));
  });
});
