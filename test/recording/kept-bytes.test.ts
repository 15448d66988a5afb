import assert from 'node:assert/strict';
import { KeptBytes, KeptSpan } from '../../src/recording/kept-bytes';

describe('KeptBytes', () => {
  it('keeps copies, long ones too, whatever becomes of the bytes', () => {
    const kept = new KeptBytes();
    const lengths = [3, 0, 200_000, 100_000, 300_000, 5];
    const spans = lengths.map((length, i) => {
      const bytes = Buffer.alloc(length + 2, i);
      const span = kept.keep(bytes, 1, length + 1, KeptSpan);
      bytes.fill(0xff);
      return span;
    });
    for (const [i, { bytes, from, to }] of spans.entries())
      assert.ok(bytes.subarray(from, to).equals(Buffer.alloc(lengths[i]!, i)), String(i));
  });

  it('keeps text, a byte for each character', () => {
    const kept = new KeptBytes();
    const spans = ['caf\xe9', '', 'tea'].map((text) => kept.keepText(text, KeptSpan));
    const texts = spans.map(({ bytes, from, to }) => bytes.toString('latin1', from, to));
    assert.deepEqual(texts, ['caf\xe9', '', 'tea']);
  });
});
