import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rewriteJson } from '../../src/facets/json-rewrite';
import { canonicalJson, parseJson } from '../../src/facets/json-tree';

describe('rewriteJson', () => {
  it('changes the leaves that it is told to, and leaves the rest to the digit', () => {
    const text = '{ "a.b": 1.0, "list": [ {"id": 12345678901234567890}, [] ], "é": "x" }';
    const seen: string[] = [];
    const changed = rewriteJson(parseJson(text)!, 'body', (name, source) => {
      seen.push(name);
      return name === 'body.list.0.id' ? '0' : source;
    });
    assert.equal(changed, '{"a.b":1.0,"list":[{"id":0},[]],"é":"x"}');
    assert.deepEqual(seen, ['body.a\\.b', 'body.list.0.id', 'body.é']);
  });

  it('is the same JSON when nothing is changed', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const tree = parseJson(text)!;
        const again = parseJson(rewriteJson(tree, 'body', (_name, source) => source))!;
        assert.equal(canonicalJson(again), canonicalJson(tree));
      }),
    );
  });
});
