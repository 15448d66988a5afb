import assert from 'node:assert/strict';
import type { Visit } from '../../src/lint/visit-json';
import { Reading } from '../../src/lint/reading';
import { entry, requestOf } from '../support/replay';

function names(visit: (look: Visit) => void): string[] {
  const seen: string[] = [];
  visit((value, _key, name) => seen.push(`${name()}=${value}`));
  return seen;
}

const flow = entry(requestOf('POST http://h.example/?a.b=1&c=2', { 'X-A': '3' }, '{"d":4}'), '{"e":5}', {
  answer: { headers: { ETag: '6' } },
});

describe('Reading', () => {
  it('names the parts of an exchange as they are redacted and ignored by', () => {
    const reading = new Reading(flow);
    assert.deepEqual(
      names((look) => reading.visitQuery(look)),
      ['query.a\\.b=1', 'query.c=2'],
    );
    assert.deepEqual(
      names((look) => reading.visitRequestHeaders(look)),
      ['header.host=h.example', 'header.x-a=3'],
    );
    assert.deepEqual(
      names((look) => reading.requestBody.visit(look)),
      ['body.d=4'],
    );
    assert.deepEqual(
      names((look) => reading.visitResponseHeaders(look)),
      ['response.header.etag=6'],
    );
    assert.deepEqual(
      names((look) => reading.responseBody.visit(look)),
      ['response.body.e=5'],
    );
  });

  it('does not read bodies that were not stored', () => {
    const reading = new Reading({ ...flow, unstored: { request: true, response: true } });
    assert.equal(reading.requestBody.text + reading.responseBody.text, '');
  });

  it('knows what was taken out', () => {
    const reading = new Reading({ ...flow, redacted: ['', 'query.c', 'response.body'] });
    assert.deepEqual(
      ['query.c', 'query.d', 'response.body.e', 'body.d'].filter((name) => reading.isRedacted(name)),
      ['query.c', 'response.body.e'],
    );
    assert.ok(!new Reading(flow).isRedacted('query.c'));
  });
});
