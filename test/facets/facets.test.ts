import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpRequest } from 'replay-proxy';
import { type Facet, facetName, headFacets, joinFacets, segmentsOf } from '../../src/facets/facets';
import { requestOf } from '../support/replay';

const facets = (line: string, headers: [string, string][] = [], wanted: string[] = []) =>
  headFacets(requestOf(line, headers), wanted);
const key = (...args: Parameters<typeof facets>) => joinFacets(facets(...args));

describe('facets of a request without its body', () => {
  it('are named after its parts, in their order', () => {
    const accept: [string, string][] = [['Accept', 'text/html']];
    assert.deepEqual(facets('post http://Shop.example:8080/a;b=1/%41?x=1&y=%20z', accept, ['accept']), [
      ['scheme', 'http'],
      ['method', 'POST'],
      ['host', 'shop.example'],
      ['port', '8080'],
      ['path', '/a;b=1/%41'],
      ['query.x', '1'],
      ['query.y', ' z'],
      ['header.accept', 'text/html'],
    ]);
  });

  for (const [what, a, b] of [
    ['no query and an empty one', 'http://h/', 'http://h/?'],
    ['a name with and without =', 'http://h/?a', 'http://h/?a='],
    ['%20 and +', 'http://h/?a=x%20y', 'http://h/?a=x+y'],
    ['the order of different names', 'http://h/?a=1&b=2', 'http://h/?b=2&a=1'],
    ['a fragment', 'http://h/p#x', 'http://h/p'],
    ['the case of the method', 'get http://h/', 'GET http://h/'],
  ] as const) {
    it(`do not tell apart: ${what}`, () => assert.equal(key(a), key(b)));
  }

  for (const [what, a, b] of [
    ['the order of one name', 'http://h/?a=1&a=2', 'http://h/?a=2&a=1'],
    ['a semicolon, which does not separate', 'http://h/?a=1;b=2', 'http://h/?a=1&b=2'],
    ['the spelling of a path', 'http://h/%61', 'http://h/a'],
    ['parameters of a path', 'http://h/a;v=1', 'http://h/a'],
    ['the case of a path', 'http://h/A', 'http://h/a'],
    ['the scheme', 'http://h:8/', 'https://h:8/'],
    ['the port', 'http://h:1/', 'http://h:2/'],
    ['the method', 'GET http://h/', 'HEAD http://h/'],
  ] as const) {
    it(`tell apart: ${what}`, () => assert.notEqual(key(a), key(b)));
  }

  for (const [host, expected] of [
    ['Shop.Example', 'shop.example'],
    ['shop.example:9', 'shop.example'],
    ['[::1]:8080', '::1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', 'target.example'],
  ] as const) {
    it(`take the host from Host: ${host}`, () => {
      const found = new Map(facets('http://target.example:7/', [['Host', host]]));
      assert.deepEqual([found.get('host'), found.get('port')], [expected, '7']);
    });
  }

  it('take the host of the target where no Host header is', () => {
    const request = new HttpRequest({ scheme: 'http', host: '::1', port: 80, path: '*', method: 'OPTIONS' });
    const found = new Map(headFacets(request, []));
    assert.deepEqual([found.get('host'), found.get('path')], ['::1', '*']);
  });

  describe('header fields that count', () => {
    const header = (headers: [string, string][], name: string) =>
      new Map(facets('http://h/', headers, [name])).get(`header.${name}`);
    const lines = (name: string): [string, string][] => [
      [name, 'a'],
      [name.toUpperCase(), 'B'],
    ];

    it('fold lines of one name', () => {
      assert.equal(header(lines('accept'), 'accept'), 'a, B');
      assert.equal(header(lines('cookie'), 'cookie'), 'a; B');
    });
    it('tell absent from empty', () => {
      assert.equal(header([], 'accept'), undefined);
      assert.equal(header([['accept', '']], 'accept'), '');
    });
    it('are those asked for', () => {
      assert.equal(key('http://h/', [['accept', 'a']]), key('http://h/', [['accept', 'b']]));
    });
  });

  it('are one text exactly when they are equal, whatever they hold', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('1 1 ab', '1', '', ' ', 'a', '\ud800'));
    const list = fc.array(fc.tuple(text, text), { maxLength: 3 });
    const sorted = (facets: Facet[]) =>
      JSON.stringify(facets.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    fc.assert(
      fc.property(list, list, (a, b) => {
        assert.equal(joinFacets(a) === joinFacets(b), sorted(a) === sorted(b));
      }),
    );
    assert.notEqual(
      joinFacets([['a', '1 1 bc']]),
      joinFacets([
        ['a', ''],
        ['b', 'c'],
      ]),
    );
  });

  it('escape what means something in a name', () => {
    assert.equal(facetName('query', 'a.b*c\\d'), 'query.a\\.b\\*c\\\\d');
    assert.equal(facetName(facetName('body', 'a.b'), 'c'), 'body.a\\.b.c');
  });
});

describe('segmentsOf', () => {
  it('cuts at dots that are none of a name', () => {
    for (const name of ['a', 'a.b', 'a\\', '\\', '.', '', 'a*', '*.\\.'])
      assert.deepEqual(segmentsOf(facetName(facetName('body', name), 'z')), [
        'body',
        name.replace(/[\\.*]/g, '\\$&'),
        'z',
      ]);
  });
});
