import assert from 'node:assert/strict';
import { ratioOf, spreadOf } from '../../bench/measure/statistics';

describe('the statistics of the benchmark', () => {
  it('takes the middle value of an odd number, and the mean of the two middle ones of an even number', () => {
    assert.deepEqual(spreadOf([5, 1, 9]), { median: 5, lowest: 1, highest: 9 });
    assert.equal(spreadOf([4, 1, 2, 100]).median, 3);
  });

  it('leaves the values in the order of their turns, and compares them as numbers', () => {
    const values = [10, 9, 100];
    assert.equal(spreadOf(values).median, 10);
    assert.deepEqual(values, [10, 9, 100]);
  });

  it('has no median of nothing', () => {
    assert.throws(() => spreadOf([]), RangeError);
  });

  it('divides round by round, so that a slow round weighs on both', () => {
    assert.deepEqual(ratioOf([10, 1, 8], [20, 2, 8]), { median: 0.5, lowest: 0.5, highest: 1 });
  });

  it('refuses to compare different numbers of turns', () => {
    assert.throws(() => ratioOf([1, 2], [1]), RangeError);
  });
});
