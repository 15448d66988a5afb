import assert from 'node:assert/strict';
import { SetCookie } from '../../src/http/set-cookie';
import { cookieExpiry } from '../../src/lint/expired-cookies';
import { entry } from '../support/replay';
import { linted, THEN } from './linting';

const PAST = 'Expires=Sat, 03 Jan 2026 03:04:05 GMT';

function cookies(...lines: string[]): string[] {
  const headers = lines.map((line) => ['Set-Cookie', line] as const);
  return linted([entry('http://h.example/', '', { answer: { startedAt: THEN, headers } })], 'expired');
}

describe('findExpiredCookies', () => {
  it('names cookies that have expired since they were recorded', () => {
    assert.deepEqual(cookies('a=1; Expires=Sat, 03 Jan 2026 03:04:05 GMT', 'c=1; expires="03-Jan-26"'), [
      'expired #1 response.header.set-cookie sets cookies that have expired: a, c | keep refresh on: it moves Expires to now',
    ]);
  });

  it('does not mind those that are valid, last a session, or were deleted', () => {
    assert.deepEqual(
      cookies(
        'a=1; Expires=Sat, 03 Jan 2099 03:04:05 GMT',
        'b=1; Expires=Sat, 03 Jan 2026 03:04:05 GMT; Max-Age=99999999',
        'c=1',
        'd=; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'e=1; Max-Age=60',
        'g=1; Expires=soon',
      ),
      [],
    );
  });

  it('does not print a value, nor a name that could be a secret', () => {
    const line = cookies(`s3cretvalue; ${PAST}`, `${'a1B2c3D4'.repeat(3)}=x; ${PAST}`).join();
    assert.match(line, /expired: \(without a name\), … \|/);
  });
});

describe('cookieExpiry', () => {
  it('lets Max-Age win, which begins anew with each replay', () => {
    const cookie = SetCookie.parse('a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
    assert.equal(cookieExpiry(cookie), undefined);
    assert.equal(cookieExpiry(cookie.with('max-age', null)), 0);
    assert.equal(cookieExpiry(SetCookie.parse('a=1')), undefined);
  });
});
