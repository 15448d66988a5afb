import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeComponent, parseQuery, splitPath } from '../../src/http/query';

describe('parseQuery', () => {
  const queries: Array<[path: string, pairs: Array<[string, string]>]> = [
    ['/a', []],
    ['/a?', []],
    ['/a?&&', []],
    [
      '/a?b=1&c=2&b=3',
      [
        ['b', '1'],
        ['c', '2'],
        ['b', '3'],
      ],
    ],
    ['/?a', [['a', '']]],
    ['/?a=', [['a', '']]],
    ['/?=b', [['', 'b']]],
    ['/?a=b=c', [['a', 'b=c']]],
    ['/?a=1;b=2', [['a', '1;b=2']]],
    ['/?a=x?y', [['a', 'x?y']]],
    ['/?a+b=c%20d', [['a b', 'c d']]],
    ['/?a%3Db=%26%2B', [['a=b', '&+']]],
    ['/?a=1#b=2', [['a', '1']]],
    ['/?__proto__=1', [['__proto__', '1']]],
    ['/?caf%C3%A9=%F0%9F%8D%B5', [['café', '🍵']]],
    ['/?caf\u00c3\u00a9=1', [['café', '1']]],
    ['/?日=本', [['日', '本']]],
    [
      '/?a=%zz&b=%&c=%4',
      [
        ['a', '%zz'],
        ['b', '%'],
        ['c', '%4'],
      ],
    ],
  ];
  for (const [path, pairs] of queries) {
    it(`reads ${path}`, () => assert.deepEqual(parseQuery(path), pairs));
  }

  it('keeps bytes that are no UTF-8 apart', () => {
    const values = ['%FF', '%fe', '%C3', '%C3%28', '%ED%A0%80', '%C0%80', '%EF%BF%BD'].map(decodeComponent);
    assert.deepEqual(values, ['%FF', '%FE', '%C3', '%C3(', '%ED%A0%80', '%C0%80', '\ufffd']);
  });

  it('reads what URLSearchParams writes', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const path = `/?${new URLSearchParams(pairs).toString()}`;
        assert.deepEqual(parseQuery(path), pairs);
      }),
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      '%',
      'C3',
      'A9',
      'FF',
      '&',
      '=',
      '+',
      '?',
      '#',
      '\ud800',
      '\xff',
      'é',
      '日',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(fc.property(text, (input) => assert.ok(Array.isArray(parseQuery(`/?${input}`)))));
  });
});

describe('splitPath', () => {
  it('cuts at the first question mark and drops a fragment', () => {
    assert.deepEqual(splitPath('/a//%zz;b'), { path: '/a//%zz;b', query: undefined });
    assert.deepEqual(splitPath('/a?'), { path: '/a', query: '' });
    assert.deepEqual(splitPath('/a?b?c#d?e'), { path: '/a', query: 'b?c' });
    assert.deepEqual(splitPath('/a#b?c'), { path: '/a', query: undefined });
  });
});
