import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { requestCookies, responseCookies } from '../../src/recording/har-cookies';

describe('cookies of a HAR entry', () => {
  it('are those that the headers name', () => {
    assert.deepEqual(requestCookies(new HttpHeaders({ Cookie: 'a=1; b=x=y; c;' })), [
      { name: 'a', value: '1' },
      { name: 'b', value: 'x=y' },
      { name: 'c', value: '' },
    ]);
    const set = [
      'a=1; Path=/p; Domain=h; Secure; HttpOnly; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'b=; expires=never',
      '',
    ];
    assert.deepEqual(responseCookies(new HttpHeaders({ 'Set-Cookie': set })), [
      {
        name: 'a',
        value: '1',
        path: '/p',
        domain: 'h',
        secure: true,
        httpOnly: true,
        expires: '1970-01-01T00:00:00.000Z',
      },
      { name: 'b', value: '' },
    ]);
  });
});
