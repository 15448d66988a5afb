import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { codingOf } from '../../src/recording/har-message';
import { entry, openForeign, scratch } from './har-samples';

describe('messages of a HAR', () => {
  const at = scratch();

  it('lose the coding and the length that their text no longer has', async () => {
    const response = (...pairs: [string, string][]) =>
      entry({ response: { headers: pairs.map(([name, value]) => ({ name, value })) } });
    const { flows } = await openForeign(
      at('x.har'),
      response(['content-encoding', 'br'], ['content-length', '1'], ['etag', 'x']),
      response(['content-length', '2']),
      response(['content-length', '3']),
      response(['content-encoding', 'identity']),
    );
    assert.deepEqual(
      flows.map((f) => f.response?.headers.toJSON()),
      [[['etag', 'x']], [['content-length', '2']], [], [['content-encoding', 'identity']]],
    );
  });

  it('have a coding when a header names one', () => {
    const headers = (value: string | string[]) => new HttpHeaders({ 'Content-Encoding': value });
    assert.deepEqual(
      ['gzip', ['gzip', 'br'], '', 'Identity'].map((v) => codingOf(headers(v))),
      ['gzip', 'gzip, br', undefined, undefined],
    );
    assert.equal(codingOf(new HttpHeaders()), undefined);
  });
});
