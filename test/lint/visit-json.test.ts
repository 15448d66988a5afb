import assert from 'node:assert/strict';
import { bodyFacets, readBody } from '../../src/facets/body-facets';
import { visitJson } from '../../src/lint/visit-json';
import { postJson } from '../support/replay';

function visited(text: string): [name: string, value: string, key: string][] | undefined {
  const values: [string, string, string][] = [];
  const isJson = visitJson(text, 'body', (value, key, name) => values.push([name(), value, key]));
  return isJson ? values : undefined;
}

describe('visitJson', () => {
  it('visits scalars by name and by what they are called', () => {
    assert.deepEqual(visited('{"a":{"b":["x",1]},"c":true,"d":null,"e":[],"f":{}}'), [
      ['body.a.b.0', 'x', 'b'],
      ['body.a.b.1', '1', 'b'],
      ['body.c', 'true', 'c'],
      ['body.d', 'null', 'd'],
    ]);
    assert.deepEqual(visited('"x"'), [['body', 'x', '']]);
    assert.deepEqual(visited('["x"]'), [['body.0', 'x', '']]);
  });

  it('has the names that requests are compared by', () => {
    const text = '{"a.b":{"*":1},"c\\\\":{"":2},"__proto__":{"constructor":3},"\\u0064":[[4]]}';
    const facets = bodyFacets(readBody(postJson('http://shop.example/', text), 'unknown'));
    assert.deepEqual(
      visited(text)?.map(([name]) => name),
      facets.map(([name]) => name),
    );
  });

  it('is false for what is no JSON', () => {
    for (const text of ['', '{', '[1,]', 'a=b', '['.repeat(100_000)]) assert.equal(visited(text), undefined);
  });

  it('does not follow what is nested without end', () => {
    assert.deepEqual(visited(`${'['.repeat(5000)}1${']'.repeat(5000)}`), []);
  });
});
