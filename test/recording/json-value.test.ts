import assert from 'node:assert/strict';
import { isObject, numberOf, objectIn, quoted, textOf } from '../../src/recording/json-value';

describe('values of parsed JSON', () => {
  it('are what they say', () => {
    assert.deepEqual([{}, [], null, 'a', 1].map(isObject), [true, false, false, false, false]);
    assert.deepEqual(objectIn({ a: { b: 1 } }, 'a'), { b: 1 });
    assert.equal(objectIn({ a: [] }, 'a'), undefined);
    assert.deepEqual(['a', 1, null].map(textOf), ['a', undefined, undefined]);
    assert.deepEqual([1, '2', '', ' ', 'x', Infinity, null, []].map(numberOf), [
      1,
      2,
      ...Array<undefined>(6).fill(undefined),
    ]);
  });

  it('are quoted on one line, short, and harmless to a terminal', () => {
    assert.equal(quoted('a\n\u001b[2J\u009b'), '"a\\n\\u001b[2J\\u009b"');
    assert.equal(quoted('x'.repeat(100)).length, 62);
    assert.deepEqual(
      [quoted({}), quoted([]), quoted(undefined), quoted(5)],
      ['an object', 'a list', '"undefined"', '"5"'],
    );
  });
});
