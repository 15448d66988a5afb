import assert from 'node:assert/strict';
import { orderOf } from '../../bench/measure/rounds';

describe('the rounds of the benchmark', () => {
  it('lets everyone begin in turn', () => {
    const order = [0, 1, 2, 3].map((round) => orderOf(['a', 'b', 'c'], round).join(''));
    assert.deepEqual(order, ['abc', 'bca', 'cab', 'abc']);
  });

  it('has no order of nobody', () => {
    assert.deepEqual(orderOf([], 3), []);
  });
});
