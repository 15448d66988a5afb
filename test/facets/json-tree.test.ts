import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, leavesOf, parseJson } from '../../src/facets/json-tree';

const leaves = (text: string) => {
  const tree = parseJson(text);
  return tree === undefined ? undefined : leavesOf(tree, 'body');
};
const canonical = (text: string) => {
  const tree = parseJson(text);
  return tree === undefined ? undefined : canonicalJson(tree);
};

describe('JSON as a tree', () => {
  it('has one leaf a scalar, an empty list and an empty object', () => {
    assert.deepEqual(leaves('{"user":{"items":[{"id":7},null],"a.b*":"x"},"e":{},"l":[]}'), [
      ['body.user.items.0.id', '7'],
      ['body.user.items.1', 'null'],
      ['body.user.a\\.b\\*', '"x"'],
      ['body.e', '{}'],
      ['body.l', '[]'],
    ]);
    assert.deepEqual(leaves(' "x" '), [['body', '"x"']]);
    assert.deepEqual(leaves('{}'), [['body', '{}']]);
  });

  for (const [a, b] of [
    ['{"a":1,"b":2}', ' { "b" : 2 ,\n"a":1 }'],
    ['"\\u0041\\/"', '"A/"'],
    ['{"\\u0061":1}', '{"a":1}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"0":1,"1":2}', '[1,2]'],
    ['{"__proto__":{"x":1},"b":1}', '{"b":1,"__proto__":{"x":1}}'],
  ] as const) {
    it(`${a} is ${b}`, () => {
      assert.equal(canonical(a), canonical(b));
      assert.deepEqual(leaves(a)?.sort(), leaves(b)?.sort());
    });
  }

  for (const [a, b] of [
    ['1', '"1"'],
    ['1', '1.0'],
    ['1e2', '100'],
    ['12345678901234567890', '12345678901234567891'],
    ['[1,2]', '[2,1]'],
    ['{}', '[]'],
    ['null', '"null"'],
    ['{"a":null}', '{}'],
    ['{"a":[]}', '{"a":{}}'],
  ] as const) {
    it(`${a} is not ${b}`, () => {
      assert.notEqual(canonical(a), canonical(b));
      assert.notDeepEqual(leaves(a), leaves(b));
    });
  }

  for (const text of [
    '',
    ' ',
    '{',
    '[1,]',
    '{"a"}',
    '{"a":1,}',
    '{a:1}',
    '01',
    '1.',
    '+1',
    '.5',
    'nul',
    'True',
    '"a',
    '"\\',
    '"\\x"',
    '"\t"',
    '"\n"',
    '[1] 2',
    '\u00a01',
    'NaN',
    '{"a":1}}',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseJson(text), undefined));
  }

  it('gives up on deep nesting, and takes 500 levels', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.equal(parseJson(nested(1_000_000)), undefined);
    assert.equal(canonical(nested(500)), nested(500));
  });

  it('makes no facets of names that multiply', () => {
    const key = JSON.stringify('k'.repeat(1_000_000));
    const text = `{${key}:[${Array.from({ length: 100 }, (_, i) => i).join()}]}`;
    assert.equal(leaves(text), undefined);
    assert.equal(canonical(text), text);
  });

  it('accepts exactly what JSON.parse accepts, and keeps its values', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat({ max: 3 }), (text, spaces) => {
        const pretty = JSON.stringify(JSON.parse(text), null, spaces);
        assert.equal(canonical(pretty), canonical(JSON.stringify(JSON.parse(text))));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 0123.eE+-truefalsn') }), (text) => {
        const isJson = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        assert.equal(parseJson(text) !== undefined, isJson);
      }),
      { numRuns: 2_000 },
    );
  });
});
