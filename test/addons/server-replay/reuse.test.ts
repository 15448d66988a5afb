import assert from 'node:assert/strict';
import type { RecordedFlow } from 'replay-proxy';
import { limitOf, nextOf, type Reuse } from '../../../addons/server-replay/reuse';
import { entry } from '../../support/replay';

const entries = ['a', 'b', 'c'].map((text) => entry('http://h/', text));
const letter = (one: RecordedFlow | undefined) => 'abc'[entries.indexOf(one!)] ?? '-';

/** The entries that eight requests get, `closed` ones left out. */
function series(reuse: Reuse, closed = ''): string {
  const counts = new Map<RecordedFlow, number>();
  const uses = (one: RecordedFlow) => counts.get(one) ?? 0;
  const isOpen = (one: RecordedFlow) => !closed.includes(letter(one));
  return Array.from({ length: 8 }, () => {
    const next = nextOf(entries, reuse, { uses, isOpen, spent: 0 });
    if (next) {
      assert.ok(uses(next) < limitOf(next, reuse, uses), 'the claim is granted');
      counts.set(next, uses(next) + 1);
    }
    return letter(next);
  }).join('');
}

describe('reuse', () => {
  for (const [reuse, all, withoutA, withoutC] of [
    ['never', 'abc-----', 'bc------', 'ab------'],
    ['first', 'aaaaaaaa', 'bbbbbbbb', 'aaaaaaaa'],
    ['last', 'cccccccc', 'cccccccc', 'bbbbbbbb'],
    ['hold', 'abcccccc', 'bccccccc', 'abbbbbbb'],
    ['cycle', 'abcabcab', 'bcbcbcbc', 'abababab'],
  ] as const) {
    it(`${reuse} gives ${all}`, () => {
      assert.equal(series(reuse), all);
      assert.equal(series(reuse, 'a'), withoutA);
      assert.equal(series(reuse, 'c'), withoutC);
      assert.equal(series(reuse, 'abc'), '--------');
    });
  }

  it('claims an entry that is to be used once only once', () => {
    const [one] = entries as [RecordedFlow];
    const limits = (uses: number) =>
      (['never', 'first', 'last', 'hold', 'cycle'] as const).map((reuse) => limitOf(one, reuse, () => uses));
    assert.deepEqual(limits(0), [1, Infinity, Infinity, 1, 1]);
    assert.deepEqual(limits(2), [1, Infinity, Infinity, Infinity, 3]);
  });
});
