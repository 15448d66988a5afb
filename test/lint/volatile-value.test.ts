import assert from 'node:assert/strict';
import { suspectIn, timeIn } from '../../src/lint/volatile-value';
import { jwt } from './linting';

const noun = (key: string, value: string) => suspectIn(value, key)?.noun;

describe('timeIn', () => {
  it('reads counts, ISO 8601 and HTTP dates', () => {
    const time = Date.UTC(2026, 0, 2, 3, 4, 5);
    for (const text of [
      '1767323045',
      '1767323045000',
      '1767323045.000',
      '1767323045000000',
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.000Z',
      '2026-01-02T04:04:05+01:00',
      '2026-01-02T04:04:05+0100',
      '2026-01-02 03:04:05',
      '20260102T030405Z',
      'Fri, 02 Jan 2026 03:04:05 GMT',
    ])
      assert.equal(timeIn(text), time, text);
    assert.equal(timeIn('2026-01-02'), Date.UTC(2026, 0, 2));
  });

  it('is undefined for anything else', () => {
    for (const text of [
      '',
      '12345',
      '2026-13-45',
      '2026-01-02T99:00',
      'yesterday',
      '12:30',
      '1'.repeat(1000),
    ])
      assert.equal(timeIn(text), undefined, text);
  });
});

describe('suspectIn', () => {
  it('knows what is made up anew each time', () => {
    assert.deepEqual(suspectIn('1767323045123', 'at'), { noun: 'a timestamp', time: 1767323045123 });
    assert.deepEqual(suspectIn('1767323045123', 'ts'), { noun: 'a timestamp' });
    assert.equal(noun('id', '0190163d-8694-739b-aea5-966c26f8ad91'), 'a UUID');
    assert.equal(noun('boundary', 'tGzv3JOkF0XG5Qx2TlKWIA'), 'a random value');
    assert.equal(noun('auth', jwt({ iat: 1 })), 'a token');
    for (const [key, value] of [
      ['cb', '483920174'],
      ['_', '0.8372615243'],
      ['nonce', '3f9a1c77'],
      ['csrfNonce', 'abcdef'],
    ] as const)
      assert.equal(noun(key, value), 'a random value', key);
  });

  it('knows what stays the same for the same content or client', () => {
    const hex = '5d41402abc4b2a76b9719d911017c592';
    for (const key of ['sha256Hash', 'commit', 'v', 'etag', 'client_id', 'apiKey', 'siteKey', 'password'])
      assert.equal(noun(key, hex), undefined, key);
  });

  it('takes random ids for those of things, unless they are of events or UUIDs', () => {
    const hex = '5f8d0d55b54764421b7156c3';
    assert.equal(noun('id', hex), undefined);
    assert.equal(noun('product_id', hex), undefined);
    assert.equal(noun('requestId', hex), 'a random value');
    assert.equal(noun('clientMutationId', hex), 'a random value');
  });

  it('knows plain values', () => {
    for (const [key, value] of [
      ['page', '2'],
      ['t', 'main'],
      ['t', '120'],
      ['_', 'jsonp'],
      ['lat', '52.5200080000'],
      ['name', 'iphone-15-pro-max-256gb'],
      ['id', '123456789'],
    ] as const)
      assert.equal(noun(key, value), undefined, `${key}=${value}`);
  });
});
