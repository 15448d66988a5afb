import assert from 'node:assert/strict';
import { KeptBytes, KeptSpan } from '../../src/recording/kept-bytes';

describe('KeptBytes', () => {
  it('keeps what was written, however long', () => {
    const kept = new KeptBytes();
    const lengths = [3, 0, 200_000, 100_000, 300_000, 5];
    const spans = lengths.map((length, i) =>
      kept.keep(
        length + 10,
        (block, at) => {
          block.fill(i, at, at + length + 10);
          return at + length;
        },
        KeptSpan,
      ),
    );
    for (const [i, span] of spans.entries())
      assert.ok(span!.bytes.subarray(span!.from, span!.to).equals(Buffer.alloc(lengths[i]!, i)), String(i));
  });

  it('keeps nothing that was given up', () => {
    const kept = new KeptBytes();
    const write = (end: number) => kept.keep(5, (_block, at) => (end < 0 ? -1 : at + end), KeptSpan);
    assert.equal(write(-1), undefined);
    assert.deepEqual([write(5)?.from, write(-1), write(5)?.from], [0, undefined, 5]);
  });
});
