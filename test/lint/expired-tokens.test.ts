import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { entry } from '../support/replay';
import { jwt, linted, NOW, THEN } from './linting';

const expired = jwt({ exp: THEN / 1000 + 3600 });

function exchange(token: string, answer = '') {
  const request = HttpRequest.to(`http://h.example/?t=${token}`, {
    method: 'POST',
    startedAt: THEN,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ list: [{ token }] }),
  });
  return entry(request, answer);
}

describe('findExpiredTokens', () => {
  it('finds them in every part, and does not print them', () => {
    const lines = linted([exchange(expired, JSON.stringify({ a: { jwt: expired } }))], 'expired');
    assert.deepEqual(lines, [
      "expired #1 body.list.*.token holds a token that has expired | --redact 'body.list.*.token'",
      'expired #1 header.authorization holds a token that has expired | --redact header.authorization',
      'expired #1 query.t holds a token that has expired | --redact query.t',
      "expired #1 response.body.a.jwt holds a token that has expired | --redact response.body.a.jwt, or renew it with an addon on ResponseRefresh's body hook",
    ]);
  });

  it('finds them in pages', () => {
    assert.deepEqual(linted([exchange('', `<script>t = "${expired}"</script>`)], 'expired'), [
      "expired #1 response.body holds a token that has expired | renew it with an addon on ResponseRefresh's body hook",
    ]);
  });

  it('does not mind those that are valid, never expire, or had expired when they were recorded', () => {
    for (const claims of [{ exp: NOW / 1000 + 1 }, { sub: 'x' }, { exp: THEN / 1000 - 1 }])
      assert.deepEqual(linted([exchange(jwt(claims))], 'expired'), []);
  });

  it('does not mind what was taken out', () => {
    const redacted = ['header.authorization', 'query', 'body.list'];
    assert.deepEqual(linted([{ ...exchange(expired), redacted }], 'expired'), []);
  });
});
