import assert from 'node:assert/strict';
import { decodeZstd } from '../../src/http/zstd';

const LIMIT = 64 * 1024 * 1024;
const TEXT = 'the same bytes, the same bytes, the same bytes\n';
/** Written by `zstd` 1.5.4, with a checksum and without the size. */
const PACKED = Buffer.from('KLUv/SQvvQAAiHRoZSBzYW1lIGJ5dGVzLCAKAQBGnEvNX0pd', 'base64');
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A frame that asks for `window` (a descriptor byte) and has `count` blocks, each `size` bytes of one value. */
function runs(window: number, count: number, size: number): Buffer {
  const blocks = Array.from({ length: count }, (_, index) => {
    const header = (size << 3) | 2 | (index === count - 1 ? 1 : 0);
    return [header & 0xff, (header >> 8) & 0xff, header >> 16, 0x61];
  });
  return Buffer.from([...MAGIC, 0, window, ...blocks.flat()]);
}

const tooLarge = { name: 'RangeError', code: 'ERR_BUFFER_TOO_LARGE' };

const decoders: Array<[string, (bytes: Buffer, limit: number) => Buffer]> = [
  ['of this Node', (bytes, limit) => decodeZstd(bytes, limit)],
  ['in JavaScript', (bytes, limit) => decodeZstd(bytes, limit, {})],
];
for (const [where, decode] of decoders) {
  describe(`decodeZstd, the decoder ${where}`, () => {
    it('decodes a frame', () => assert.equal(decode(PACKED, LIMIT).toString(), TEXT));

    it('decodes run-length blocks', () => {
      assert.equal(decode(runs(0x38, 3, 1000), LIMIT).toString(), 'a'.repeat(3000));
    });

    it('decodes a result as large as the limit, and none that is larger', () => {
      assert.equal(decode(PACKED, TEXT.length).length, TEXT.length);
      assert.throws(() => decode(PACKED, TEXT.length - 1), tooLarge);
      assert.throws(() => decode(runs(0x50, 600, 128 * 1024), LIMIT), tooLarge);
    });

    it('decodes frame after frame and leaves skippable ones out', () => {
      const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
      assert.equal(
        decode(Buffer.concat([skippable, PACKED, skippable, PACKED]), LIMIT).toString(),
        TEXT + TEXT,
      );
    });

    it('refuses what is cut short at any byte', () => {
      for (let end = 1; end < PACKED.length; end += 1)
        assert.throws(() => decode(PACKED.subarray(0, end), LIMIT));
    });

    it('refuses what is no zstd', () => {
      assert.throws(() => decode(Buffer.from('<!doctype html>'), LIMIT));
      assert.throws(() => decode(Buffer.from([...MAGIC, 0xff, 0xff, 0xff, 0xff, 0xff]), LIMIT));
    });
  });
}

describe('decodeZstd, in JavaScript', () => {
  it('asks for no memory because a header says so', () => {
    const before = process.memoryUsage().arrayBuffers;
    assert.throws(() => decodeZstd(runs(0xa0, 1, 1), LIMIT, {}), tooLarge);
    const claimsAnExabyte = Buffer.from([...MAGIC, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x0b, 0, 0, 0x61]);
    assert.throws(() => decodeZstd(claimsAnExabyte, LIMIT, {}), tooLarge);
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
  });

  it('refuses a million tiny blocks in a large window before doing the work', () => {
    assert.throws(() => decodeZstd(runs(0x68, 200_000, 1), LIMIT, {}), tooLarge);
  });
});
