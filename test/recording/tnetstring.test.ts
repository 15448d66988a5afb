import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeTnetstring, TnetFloat, TnetPieces, tnetstringPieces } from '../../src/recording/tnetstring';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';

const written = (value: Parameters<typeof encodeTnetstring>[0]): string =>
  encodeTnetstring(value).toString('latin1');

describe('encodeTnetstring', () => {
  it('writes each type with its tag', () => {
    assert.equal(written(Buffer.from('hi')), '2:hi,');
    assert.equal(written('é'), '2:\xc3\xa9;');
    assert.equal(written(42), '2:42#');
    assert.equal(written(-1.5), '4:-1.5^');
    assert.equal(written(true), '4:true!');
    assert.equal(written(null), '0:~');
    assert.equal(written([1, 'a']), '8:1:1#1:a;]');
    assert.equal(written({ b: 1, a: [] }), '15:1:b;1:1#1:a;0:]}');
    assert.equal(written(new Map([['b', null]])), '7:1:b;0:~}');
  });

  it('writes a whole number as a float where a float is meant', () => {
    assert.equal(written(new TnetFloat(5)), '3:5.0^');
    assert.equal(written(new TnetFloat(5.25)), '4:5.25^');
    assert.throws(() => written(new TnetFloat(NaN)), RangeError);
  });

  it('comes back as it was, whatever it holds', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array().map((octets) => Buffer.from(octets)),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc
          .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')))
          .map((entries) => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const cursor = new TnetCursor(encodeTnetstring(original as never));
        assert.equal(cursor.next(), true);
        assert.deepEqual(cursor.value(), original);
        assert.equal(cursor.next(), false);
      }),
    );
  });
});

describe('tnetstringPieces', () => {
  it('reads bytes piece by piece, and refuses them when they are more or fewer than was said', () => {
    const pieces = (length: number) => new TnetPieces(length, () => [Buffer.from('ab'), Buffer.from('cde')]);
    const value = (length: number) => ({ a: 1, b: pieces(length), c: null });
    assert.deepEqual([...tnetstringPieces(value(5))].map(String), [
      '27:1:a;1:1#1:b;5:',
      'ab',
      'cde',
      ',1:c;0:~}',
    ]);
    assert.equal(written(value(5)), written({ a: 1, b: Buffer.from('abcde'), c: null }));
    for (const length of [4, 6]) assert.throws(() => written(value(length)), /a body has 5 bytes where/);
  });
});
