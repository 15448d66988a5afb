import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Facet } from '../../src/facets/facets';
import { FacetPatterns } from '../../src/facets/facet-patterns';
import { type Identify, requestKey, Subject } from '../../src/facets/request-key';
import type { HttpRequest } from 'replay-proxy';
import { postJson, requestOf } from '../support/replay';

interface Settings {
  ignore?: readonly string[];
  headers?: readonly string[];
  identify?: Identify;
}

function keyOf(request: HttpRequest, { ignore = [], headers = [], identify }: Settings = {}): string {
  const key = requestKey(headers, new FacetPatterns(ignore), identify);
  const subject = new Subject(request, true, 'unknown');
  return JSON.stringify([key.head(subject), key.body(subject)]);
}

const same = (a: HttpRequest, b: HttpRequest, settings?: Settings) =>
  keyOf(a, settings) === keyOf(b, settings);

/** The same value with the keys of its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const turnedRound: [string, unknown][] = Object.entries(value).map(([key, member]) => [
    key,
    turned(member),
  ]);
  return Object.fromEntries(turnedRound.reverse());
}

const URL = 'http://shop.example/';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const rule = fc.oneof(
  fc.constantFrom('body', 'query', 'host', 'port', 'query.a', '*', 'body.*', 'body.a', '*.0', 'path', 'q*'),
  fc.string().filter((text) => text !== ''),
);

describe('request keys', () => {
  it('ignore what rules name, and nothing else', () => {
    const one = postJson(`${URL}?a=1&utm_x=2`, '{"id":1,"nonce":2}');
    const other = postJson(`${URL}?a=1`, '{"nonce":3,"id":1}');
    const ignore = ['query.utm_*', 'body.nonce'];
    assert.ok(same(one, other, { ignore }));
    assert.ok(!same(one, other, { ignore: ['query.utm_*'] }));
    assert.ok(!same(one, other, { ignore: ['body.nonce'] }));
    assert.ok(!same(one, postJson(`${URL}?a=1`, '{"id":2}'), { ignore }));
  });

  it('take an empty remainder of a body for an empty body', () => {
    const ignore = ['body.nonce'];
    assert.ok(same(requestOf(`POST ${URL}`, FORM, 'nonce=1'), requestOf(`POST ${URL}`, FORM), { ignore }));
    assert.ok(same(postJson(URL, '{"nonce":1}'), postJson(URL, ''), { ignore }));
  });

  it('know a list of one file without its changing fields', () => {
    const ignore = ['body.items.*.id'];
    const items = (...ids: number[]) =>
      postJson(URL, JSON.stringify({ items: ids.map((id) => ({ id, n: 1 })) }));
    assert.ok(same(items(1, 2), items(3, 4), { ignore }));
    assert.ok(!same(items(1, 2), items(3), { ignore }));
  });

  it('are made of what identify returns, less what is ignored', () => {
    const identify: Identify = (facets, { headers }) => [
      ...facets.filter(([name]) => !name.startsWith('body')),
      ['tenant', headers.get('x-tenant') ?? ''],
    ];
    const from = (tenant: string, text: string) => {
      const request = postJson(URL, text);
      request.headers.set('x-tenant', tenant);
      return request;
    };
    assert.ok(same(from('a', '{"x":1}'), from('a', '{"x":2}'), { identify }));
    assert.ok(!same(from('a', '{}'), from('b', '{}'), { identify }));
    assert.ok(same(from('a', '{}'), from('b', '{}'), { identify, ignore: ['tenant'] }));
  });

  it('do not read a body that is ignored', () => {
    const request = requestOf(`POST ${URL}`);
    Object.defineProperty(request, 'body', { get: () => assert.fail('was read') });
    assert.ok(keyOf(request, { ignore: ['body'] }));
  });

  it('do not see the order and spacing of JSON, with and without its facets', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 3 }), (value, spaces) => {
        const one = postJson(URL, JSON.stringify(value));
        const other = postJson(URL, JSON.stringify(turned(value), null, spaces));
        assert.ok(same(one, other));
        assert.ok(same(one, other, { ignore: ['body.no.such.member'] }));
        assert.ok(same(one, other, { identify: (facets) => facets }));
      }),
    );
  });

  it('tell JSON apart by its facets exactly as without them', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(0, '0', [], {}, [0], { 0: 0 }, null),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [one, other] = [postJson(URL, JSON.stringify(a)), postJson(URL, JSON.stringify(b))];
        assert.equal(same(one, other), same(one, other, { ignore: ['body.no.such.member'] }));
      }),
      { numRuns: 500 },
    );
  });

  it('tell bodies of different kinds apart as long as anything is left of them', () => {
    const form = requestOf(`POST ${URL}`, FORM, 'a=1&b=');
    const json = postJson(URL, '{"a":1,"b":""}');
    for (const settings of [{}, { ignore: ['body.b'] }, { identify: (facets: Facet[]) => facets }]) {
      assert.ok(!same(form, json, settings));
    }
    assert.ok(same(form, json, { ignore: ['body.*'] }));
    const identify: Identify = (facets) => facets.filter(([name]) => !name.startsWith('body'));
    assert.ok(same(form, json, { identify }));
  });

  it('tell all requests apart in the same way, with and without their facets', () => {
    const text = fc.constantFrom(
      '',
      '1',
      '"1"',
      'a=1',
      'a=1&b=2',
      'b=2&a=1',
      '{"a":1}',
      '{"a":"1"}',
      '[]',
      '&',
      'null',
    );
    const type = fc.constantFrom(
      {},
      FORM,
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    );
    const query = fc.constantFrom('', '?', '?a=1', '?a=1&b', '?b=&a=1');
    const request = fc
      .tuple(text, type, query)
      .map(([body, headers, end]) => requestOf(`POST ${URL}${end}`, headers, body));
    fc.assert(
      fc.property(request, request, (one, other) => {
        const verdict = same(one, other);
        assert.equal(same(one, other, { ignore: ['body.no.such.member'] }), verdict);
        assert.equal(same(one, other, { identify: (facets) => facets }), verdict);
      }),
      { numRuns: 3000 },
    );
  });

  it('tell members apart whose names are halves of characters', () => {
    const [one, other] = [postJson(URL, '{"\\ud800":1}'), postJson(URL, '{"\\ud801":1}')];
    for (const ignore of [[], ['body.x']]) assert.ok(!same(one, other, { ignore }));
  });

  it('that are equal stay equal whatever is ignored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.webQueryParameters(), fc.array(rule), (value, query, ignore) => {
        const one = postJson(`${URL}?${query}`, JSON.stringify(value));
        const other = postJson(`${URL}?${query}`, JSON.stringify(turned(value)));
        assert.ok(same(one, other));
        assert.ok(same(one, other, { ignore }));
      }),
    );
  });
});
