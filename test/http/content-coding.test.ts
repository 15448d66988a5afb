import assert from 'node:assert/strict';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { ReplayError } from '../../src/errors';
import { acceptsCoding, decodeContent } from '../../src/http/content-coding';

const TEXT = Buffer.from('the same bytes, the same bytes, the same bytes\n');
const ZSTD = Buffer.from('KLUv/SQvvQAAiHRoZSBzYW1lIGJ5dGVzLCAKAQBGnEvNX0pd', 'base64');

function refuses(message: RegExp, decode: () => unknown): void {
  assert.throws(decode, (error) => {
    assert.ok(error instanceof ReplayError);
    assert.equal(error.code, 'ERR_CONTENT_CODING');
    assert.match(error.message, message);
    assert.ok(!error.message.includes('\n'));
    return true;
  });
}

describe('decodeContent', () => {
  const coded: Array<[coding: string | undefined, bytes: Buffer]> = [
    [undefined, TEXT],
    ['', TEXT],
    ['identity', TEXT],
    ['gzip', zlib.gzipSync(TEXT)],
    ['X-GZip', zlib.gzipSync(TEXT)],
    ['deflate', zlib.deflateSync(TEXT)],
    ['deflate', zlib.deflateRawSync(TEXT)],
    ['br', zlib.brotliCompressSync(TEXT)],
    ['zstd', ZSTD],
    ['deflate, gzip', zlib.gzipSync(zlib.deflateSync(TEXT))],
    [' identity ,gzip,, br ', zlib.brotliCompressSync(zlib.gzipSync(TEXT))],
  ];
  for (const [coding, bytes] of coded) {
    it(`undoes ${JSON.stringify(coding)}`, () => assert.deepEqual(decodeContent(bytes, coding), TEXT));
  }

  it('gives back any bytes that node:zlib coded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }).map(Buffer.from), (bytes) => {
        assert.deepEqual(decodeContent(zlib.gzipSync(bytes), 'gzip'), bytes);
        assert.deepEqual(decodeContent(zlib.deflateRawSync(bytes), 'deflate'), bytes);
      }),
    );
  });

  it('takes no bytes for no bytes in every coding', () => {
    for (const coding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, br']) {
      assert.equal(decodeContent(Buffer.alloc(0), coding).length, 0);
    }
  });

  it('refuses corrupt and truncated data', () => {
    for (const [coding, bytes] of coded.slice(3)) {
      refuses(/^a body is not valid \w+: .+; it can be used undecoded only$/, () =>
        decodeContent(Buffer.from('<!doctype html>'), coding),
      );
      refuses(/is not valid/, () => decodeContent(bytes.subarray(0, -4), coding));
    }
  });

  it('refuses an unknown coding by name', () => {
    refuses(/content coding "compress" is not known; these are: identity, gzip, deflate, br, zstd/, () =>
      decodeContent(TEXT, 'compress'),
    );
    refuses(/"__proto__"/, () => decodeContent(TEXT, '__proto__'));
  });

  it('stops at the limit, for each step of a list', () => {
    const bomb = Buffer.alloc(1_000_000);
    const codings: Array<[string, Buffer]> = [
      ['gzip', zlib.gzipSync(bomb)],
      ['deflate', zlib.deflateSync(bomb)],
      ['deflate', zlib.deflateRawSync(bomb)],
      ['br', zlib.brotliCompressSync(bomb)],
      ['gzip, gzip', zlib.gzipSync(zlib.gzipSync(bomb))],
    ];
    for (const [coding, bytes] of codings) {
      refuses(/larger than 999999 bytes when decoded/, () => decodeContent(bytes, coding, 999_999));
      assert.equal(decodeContent(bytes, coding, 1_000_000).length, 1_000_000);
    }
    refuses(/larger than 46 bytes/, () => decodeContent(ZSTD, 'zstd', 46));
  });

  it('refuses a list of codings without end', () => {
    refuses(/9 content codings; at most 8/, () => decodeContent(TEXT, Array(9).fill('gzip').join()));
  });
});

describe('acceptsCoding', () => {
  const cases: Array<[accept: string | undefined, coding: string | undefined, accepted: boolean]> = [
    [undefined, 'br', true],
    [undefined, undefined, true],
    ['', 'gzip', false],
    ['', undefined, true],
    ['', 'identity', true],
    ['gzip, deflate', 'gzip', true],
    ['gzip, deflate', 'GZIP', true],
    ['x-gzip', 'gzip', true],
    ['gzip', 'x-gzip', true],
    ['gzip, deflate', 'br', false],
    ['gzip', undefined, true],
    ['gzip;q=0', 'gzip', false],
    ['gzip; q=0.000', 'gzip', false],
    ['gzip ; Q=0.001', 'gzip', true],
    ['gzip;q=nonsense', 'gzip', true],
    ['*', 'br', true],
    ['*;q=0', 'br', false],
    ['*;q=0', undefined, false],
    ['identity, *;q=0', undefined, true],
    ['identity;q=0', undefined, false],
    ['gzip;q=0, *', 'gzip', false],
    ['br, *;q=0', 'br', true],
    ['gzip, br', 'gzip, br', true],
    ['gzip', 'gzip, br', false],
    [', ,;q=0', 'gzip', false],
  ];
  for (const [accept, coding, accepted] of cases) {
    it(`${JSON.stringify(accept)} ${accepted ? 'takes' : 'does not take'} ${JSON.stringify(coding)}`, () =>
      assert.equal(acceptsCoding(accept, coding), accepted));
  }
});
