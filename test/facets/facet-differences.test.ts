import assert from 'node:assert/strict';
import { facetDifferences } from '../../src/facets/facet-differences';

describe('facetDifferences', () => {
  it('are the names whose values are not the same, in order', () => {
    const left = [
      ['method', 'GET'],
      ['query.a', '1'],
      ['query.a', '2'],
      ['query.b', 'x'],
    ] as const;
    const right = [
      ['query.a', '2'],
      ['query.a', '1'],
      ['method', 'GET'],
      ['query.c', 'y'],
    ] as const;
    assert.deepEqual(facetDifferences(left, right), [
      { name: 'query.a', left: ['1', '2'], right: ['2', '1'] },
      { name: 'query.b', left: ['x'], right: undefined },
      { name: 'query.c', left: undefined, right: ['y'] },
    ]);
    assert.deepEqual(facetDifferences(left, left), []);
  });
});
