import assert from 'node:assert/strict';
import { type Facet, FacetPatterns } from 'replay-proxy';
import { distance, ignorable } from '../../../../addons/server-replay/miss/near';

const side = (facets: Facet[], kind?: string) => ({ facets, kind, changedBy: new Map<string, string[]>() });
const rules = (a: ReturnType<typeof side>, b: ReturnType<typeof side>) => ignorable(a, b, distance(a, b)!);

describe('how near an entry is', () => {
  it('counts what differs, a path and a host for more than a parameter', () => {
    const far = (asked: Facet[], recorded: Facet[]) => distance(side(asked), side(recorded))?.cost;
    assert.equal(far([['query.a', '1']], [['query.a', '1']]), 0);
    assert.equal(far([['query.a', '1']], [['query.b', '1']]), 2);
    assert.ok(far([['path', '/users/17']], [['path', '/users/18']])! > 2);
    assert.equal(far([['path', '/users']], [['path', '/style.css']]), undefined);
    assert.equal(
      far(
        [
          ['host', 'a'],
          ['path', '/ab'],
        ],
        [
          ['host', 'b'],
          ['path', '/ac'],
        ],
      ),
      undefined,
    );
  });

  it('suggests to ignore what differs, but never method or path', () => {
    assert.deepEqual(
      rules(
        side([['query.a', '1']]),
        side([
          ['query.a', '2'],
          ['port', '80'],
        ]),
      ),
      ['query.a', 'port'],
    );
    assert.deepEqual(rules(side([['method', 'GET']]), side([['method', 'PUT']])), []);
  });

  it('suggests one name above very many leaves, and the whole body for two kinds', () => {
    const leaves = (n: number): Facet[] =>
      Array.from({ length: 9 }, (_, i) => [`body.user.a\\.b.${i}`, `${n}`] as const);
    assert.deepEqual(rules(side(leaves(1), 'json'), side(leaves(2), 'json')), ['body.user.a\\.b']);
    assert.deepEqual(rules(side([['body.a', '1']], 'json'), side([['body.a', '1']], 'form')), ['body']);
    assert.deepEqual(rules(side([['body.a', '1']], 'json'), side([])), ['body.a']);
    const nested: Facet[] = [
      ['body.a', '[]'],
      ['body.b', '1'],
    ];
    assert.deepEqual(rules(side([['body.a.0', '1']], 'json'), side(nested, 'json')), ['body.a', 'body.b']);
  });

  it('ignores no more than what lies beneath an empty key', () => {
    const facets = (value: string): Facet[] =>
      Array.from({ length: 6 }, (_, i) => [`body..${i}`, value] as const);
    const [rule = '', ...others] = rules(side(facets('1'), 'json'), side(facets('2'), 'json'));
    assert.deepEqual(others, []);
    const patterns = new FacetPatterns([rule]);
    assert.deepEqual([...patterns.keep(facets('1'))], []);
    assert.equal(patterns.covers('body.other'), false);
  });
});
