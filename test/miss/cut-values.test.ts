import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutMiddle, cutValues } from '../../src/miss/cut-values';

describe('cutMiddle', () => {
  it('keeps both ends of a long text, whole characters of them', () => {
    assert.equal(cutMiddle('abc', 3), 'abc');
    assert.equal(cutMiddle('abcdefgh', 5), 'ab…gh');
    assert.equal(cutMiddle('a😀cdef😀h', 5), 'a…h');
  });
});

describe('cutValues', () => {
  it('leaves short values as they are', () => {
    assert.deepEqual(cutValues('a', undefined), ['a', undefined]);
    assert.deepEqual(cutValues('x'.repeat(80), ''), ['x'.repeat(80), '']);
  });

  it('cuts the middle out of a long one', () => {
    const [cut] = cutValues(`${'a'.repeat(500)}${'b'.repeat(500)}`, undefined);
    assert.match(cut!, /^a+…b+$/);
  });

  it('keeps the place where two long ones part', () => {
    const long = (middle: string) => `${'h'.repeat(400)}${middle}${'t'.repeat(400)}`;
    const [a, b] = cutValues(long('one'), long('two'));
    assert.match(a!, /^h+…h+onet+…t+$/);
    assert.match(b!, /^h+…h+twot+…t+$/);
  });

  it('never shows two different values as the same, nor more than a line of each', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), fc.nat(200), (a, b, head) => {
        fc.pre(a !== b);
        const [x, y] = cutValues('h'.repeat(head) + a, 'h'.repeat(head) + b);
        assert.notEqual(x, y);
        assert.ok(x!.length <= 100 && y!.length <= 100);
      }),
    );
  });
});
