import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findJsonFlaw, placeOf } from '../../src/recording/json-syntax';

describe('findJsonFlaw', () => {
  it('agrees with JSON.parse on what is JSON', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '"\\u12"',
      '"\t"',
      '""',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(piece).map((p) => p.join('')),
        ),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          assert.equal(findJsonFlaw(text) === undefined, valid);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says where and what', () => {
    const cases: [text: string, line: number, column: number, problem: string][] = [
      ['', 1, 1, 'the text ends too early'],
      ['{"a":1,}', 1, 8, '} where a key should be'],
      ['{"a":1\n"b":2}', 2, 1, 'a quote where , or } should be'],
      ['[1 2]', 1, 4, '2 where , or ] should be'],
      ['{"a" 1}', 1, 6, '1 where : should be'],
      ['{} x', 1, 4, 'x where the end should be'],
      ['["a\nb"]', 1, 4, 'character U+000a inside a string'],
      ['["a', 1, 4, 'the text ends inside a string'],
    ];
    for (const [text, line, column, problem] of cases) {
      const flaw = findJsonFlaw(text);
      assert.deepEqual([flaw?.line, flaw?.column, flaw?.problem], [line, column, problem]);
    }
  });
});

describe('placeOf', () => {
  it('counts lines and columns from 1', () => {
    assert.deepEqual(placeOf('ab\ncd', 0), { line: 1, column: 1 });
    assert.deepEqual(placeOf('ab\ncd', 4), { line: 2, column: 2 });
  });
});
