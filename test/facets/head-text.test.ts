import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpRequest } from 'replay-proxy';
import { headFacets, joinFacets } from '../../src/facets/facets';
import { HeadTexts } from '../../src/facets/head-text';

describe('HeadTexts', () => {
  const piece = fc.constantFrom('?', '&', '=', '%3d', '%25', '%41', 'A', '+', '%20', '%2b', ' ');
  const rest = fc.array(fc.oneof(piece, fc.constantFrom('#', 'a', 'a.b', '\\', '*', ';', 'ü')), {
    maxLength: 6,
  });
  const request = fc
    .record({
      method: fc.constantFrom('get', 'GET', 'POST', 'GET1'),
      scheme: fc.constantFrom('http' as const, 'https' as const),
      host: fc.constantFrom('h', 'h1', '::1'),
      port: fc.constantFrom(1, 11, 80),
      path: fc
        .tuple(fc.constantFrom('/', '*', '', '1 /'), rest)
        .map(([start, more]) => start + more.join('')),
      headers: fc.constantFrom([], [['Host', 'H:8080']], [['host', 'h 1']]) as fc.Arbitrary<
        [string, string][]
      >,
    })
    .map((init) => new HttpRequest(init));

  it('tell requests apart exactly as their facets do', () => {
    const texts = new HeadTexts();
    const byFacets = new Map<string, string>();
    const byText = new Map<string, string>();
    fc.assert(
      fc.property(request, (one) => {
        const [text, facets] = [texts.of(one), joinFacets(headFacets(one, []))];
        assert.equal(byFacets.get(facets) ?? text, text);
        assert.equal(byText.get(text) ?? facets, facets);
        byFacets.set(facets, text);
        byText.set(text, facets);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(byText.size > 100);
  });

  it('do not see the order of different names, nor how they are spelled', () => {
    const texts = new HeadTexts();
    const of = (path: string) => texts.of(new HttpRequest({ scheme: 'http', host: 'h', port: 80, path }));
    assert.equal(of('/a?x=1&y=2'), of('/a?y=2&x=%31'));
    assert.equal(of('/a?x=1'), of('/a?%78=1'));
    assert.notEqual(of('/a?x=1&x=2'), of('/a?x=2&x=1'));
  });
});
