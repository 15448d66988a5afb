import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readElement, readElements } from '../../src/transport/der-reader';

describe('DER reader', () => {
  it('splits elements that stand side by side', () => {
    const elements = readElements(Buffer.from('020105810161', 'hex'));
    assert.deepEqual(
      elements.map(({ tag, content }) => [tag, content.toString('hex')]),
      [
        [0x02, '05'],
        [0x81, '61'],
      ],
    );
  });

  it('reads nothing from nothing', () => assert.deepEqual(readElements(Buffer.alloc(0)), []));

  for (const [what, hex] of [
    ['an element past the end', '040561'],
    ['a length cut short', '0482'],
    ['an indefinite length', '30800000'],
    ['a tag alone', '30'],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => readElements(Buffer.from(hex, 'hex')), RangeError));
  }

  it('refuses more or less than one element where one is wanted', () => {
    assert.throws(() => readElement(Buffer.from('05000500', 'hex')), RangeError);
    assert.throws(() => readElement(Buffer.alloc(0)), RangeError);
  });

  it('ends, with elements or a RangeError, on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const elements = readElements(Buffer.from(bytes));
          assert.deepEqual(Buffer.concat(elements.map((element) => element.bytes)), Buffer.from(bytes));
        } catch (thrown) {
          assert.ok(thrown instanceof RangeError);
        }
      }),
    );
  });
});
