import assert from 'node:assert/strict';
import { FacetPatterns } from '../../src/facets/facet-patterns';

describe('FacetPatterns', () => {
  for (const [rule, ignored, kept] of [
    ['host', ['host'], ['hostname', 'port', 'header.host']],
    ['query', ['query.a', 'query.a\\.b'], ['queryx', 'path']],
    ['query.utm_*', ['query.utm_', 'query.utm_source', 'query.utm_a\\.b'], ['query.utm', 'query.xutm_a']],
    [
      'body.user',
      ['body.user', 'body.user.id', 'body.user.items.0'],
      ['body.username', 'body', 'body.user\\.x'],
    ],
    [
      'body.items.*.id',
      ['body.items.0.id', 'body.items.0.a.id', 'body.items.1.id.x'],
      ['body.items.id', 'body.items.0.idx'],
    ],
    ['body.a\\.b', ['body.a\\.b', 'body.a\\.b.c'], ['body.a.b']],
    ['body.a.b', ['body.a.b', 'body.a\\.b'], ['body.axb']],
    ['body.\\*', ['body.\\*', 'body.\\*.x'], ['body.x', 'body.*']],
    ['query.a\\\\b', ['query.a\\\\b'], ['query.ab']],
    ['query.Page', ['query.Page'], ['query.page']],
    ['header.X-Trace', ['header.x-trace'], ['header.x-trace-id']],
    ['*', ['host', 'body', 'query.x'], []],
    ['*token*', ['query.token', 'header.x-token-y', 'body.a.tokens.0'], ['query.toke']],
    ['*.id', ['query.id', 'body.a.id', 'body.id.x'], ['id', 'query.idx']],
    ['query.[a]+(b)|c', ['query.[a]+(b)|c'], ['query.a', 'query.c']],
    ['body.**.x', ['body.a.x', 'body.a.b.x'], ['body.x']],
    ['graphql.operation', ['graphql.operation'], ['graphql']],
    ['query.a\\', ['query.a\\\\'], ['query.a']],
  ] as const) {
    it(`${rule} ignores ${ignored.join(', ')}`, () => {
      const rules = new FacetPatterns([rule]);
      assert.deepEqual(
        ignored.filter((name) => !rules.covers(name)),
        [],
      );
      assert.deepEqual(
        kept.filter((name) => rules.covers(name)),
        [],
      );
    });
  }

  for (const [rule, share] of [
    ['body', 'all'],
    ['*', 'all'],
    ['bod*', 'all'],
    ['body.*', 'parts'],
    ['*.id', 'parts'],
    ['b*.id', 'parts'],
    ['body.user', 'parts'],
    ['query', 'none'],
    ['query.*', 'none'],
    ['bodyguard', 'none'],
    ['header.body', 'none'],
  ] as const) {
    it(`${rule} can take away of a body: ${share}`, () => {
      assert.equal(new FacetPatterns([rule]).body, share);
      assert.equal(new FacetPatterns(['query.a', rule]).body, share);
    });
  }

  it('keeps the facets that have to match, in their order', () => {
    const rules = new FacetPatterns(['port', 'query.a']);
    const kept = rules.keep([
      ['query.b', '1'],
      ['port', '80'],
      ['query.a', '2'],
      ['query.b', '0'],
    ]);
    assert.deepEqual(kept, [
      ['query.b', '1'],
      ['query.b', '0'],
    ]);
  });

  it('say whether there are any', () => {
    assert.deepEqual([new FacetPatterns([]).isEmpty, new FacetPatterns(['port']).isEmpty], [true, false]);
  });

  it('refuses an empty name', () => {
    assert.throws(() => new FacetPatterns(['']), {
      code: 'ERR_CONFIG',
      message: /has no name; write one like/,
    });
  });

  it('takes no time over many stars and a long name', () => {
    const rules = new FacetPatterns(['*a*a*a*a*a*a*a*a*b']);
    assert.equal(rules.covers(`query.${'a'.repeat(1_000_000)}`), false);
  });
});
