import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSpelledAt, RepeatedTexts } from '../../src/recording/repeated-texts';

describe('RepeatedTexts', () => {
  it('gives each text, a character for each byte, whatever came before', () => {
    const texts = new RepeatedTexts();
    const unit = fc.constantFrom('a', 'b', '\xe9', '\0');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const bytes = Buffer.from(`..${text}..`, 'latin1');
        assert.equal(texts.latin1(bytes, 2, 2 + text.length), text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isSpelledAt', () => {
  it('compares bytes with characters', () => {
    const bytes = Buffer.from('GET caf\xe9', 'latin1');
    assert.deepEqual(
      [isSpelledAt(bytes, 0, 'GET'), isSpelledAt(bytes, 4, 'caf\xe9'), isSpelledAt(bytes, 4, 'cafe')],
      [true, true, false],
    );
    assert.equal(isSpelledAt(bytes, 6, 'f\xe9s'), false);
  });
});
