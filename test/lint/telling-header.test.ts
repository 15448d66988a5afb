import assert from 'node:assert/strict';
import { tellingHeader } from '../../src/lint/telling-header';
import { requestOf } from '../support/replay';

function telling(answers: string[], ...headers: Record<string, string>[]): string | undefined {
  return tellingHeader(
    headers.map((one) => requestOf('http://h.example/', one)),
    answers,
  );
}

describe('tellingHeader', () => {
  it('names the header that makes the difference', () => {
    assert.equal(telling(['1', '2', '1'], { Accept: 'a' }, { accept: 'b' }, { ACCEPT: 'a' }), 'accept');
    assert.equal(telling(['1', '2'], { 'X-Tenant': 'a' }, { 'x-tenant': 'b' }), 'x-tenant');
    assert.equal(
      telling(['1', '2'], { authorization: 'Bearer a' }, { authorization: 'Bearer b' }),
      'authorization',
    );
  });

  it('prefers what servers mostly look at', () => {
    const headers = ['a', 'b'].map((value) => ({ 'x-a': value, 'accept-language': value }));
    assert.equal(telling(['1', '2'], ...headers), 'accept-language');
  });

  it('names none that does not tell all apart', () => {
    assert.equal(telling(['1', '2', '3'], { accept: 'a' }, { accept: 'b' }, { accept: 'a' }), undefined);
    assert.equal(telling(['1', '2'], { accept: 'a' }, {}), undefined);
    assert.equal(telling(['1', '2'], {}, { accept: 'a' }), undefined);
  });

  it('names none that is another each time', () => {
    for (const name of ['cookie', 'date', 'traceparent', 'x-request-id', 'x-b3-traceid', 'user-agent'])
      assert.equal(telling(['1', '2'], { [name]: 'a' }, { [name]: 'b' }), undefined, name);
    const ids = ['0190163d-8694-739b-aea5-966c26f8ad91', '0190163d-8694-739b-aea5-966c26f8ad92'];
    assert.equal(telling(['1', '2'], { 'x-id': ids[0]! }, { 'x-id': ids[1]! }), undefined);
    assert.equal(telling(['1', '2'], { 'x-at': '1767323045' }, { 'x-at': '1767323046' }), undefined);
  });
});
