import assert from 'node:assert/strict';
import { compileFilter, isFilter } from '../../src/facets/request-filter';
import { requestOf } from '../support/replay';

describe('a request filter', () => {
  const post = requestOf('POST http://api.Shop.example:8080/v1/users/17?a=1');
  for (const [filter, expected] of [
    [undefined, true],
    [{}, true],
    [{ method: 'post' }, true],
    [{ method: 'GET' }, false],
    [{ host: 'API.shop.example' }, true],
    [{ host: '*.shop.example' }, true],
    [{ host: 'shop.example' }, false],
    [{ host: 'api.shop.example:8080' }, true],
    [{ host: 'api.shop.example:*' }, true],
    [{ host: 'api.shop.example:80' }, false],
    [{ path: '/v1/*' }, true],
    [{ path: '/v1' }, false],
    [{ path: '*/17' }, true],
    [{ path: '/v1/users/1.' }, false],
    [{ method: 'POST', host: 'api.*', path: '*users*' }, true],
    [{ method: 'POST', host: 'www.*', path: '*users*' }, false],
  ] as const) {
    it(`${JSON.stringify(filter)} is ${expected ? '' : 'not '}for a POST to that API`, () => {
      assert.equal(compileFilter(filter)(post), expected);
    });
  }

  it('knows IPv6 addresses, with brackets and without', () => {
    const request = requestOf('http://[::1]:8080/');
    const isFor = (host: string) => compileFilter({ host })(request);
    assert.deepEqual(['::1', '[::1]', '[::1]:8080', '[::1]:*', '[::1]:80'].map(isFor), [
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('may be a function', () => {
    assert.equal(compileFilter(({ port }) => port === 8080)(post), true);
    for (const wrong of [async () => false, () => undefined, () => 1])
      assert.throws(
        () => compileFilter(wrong as never)(post),
        /^TypeError: match returned .* instead of true or false$/,
      );
  });

  it('says whose function threw', () => {
    const filter = compileFilter(() => {
      throw new Error('ouch');
    }, 'rules[2].match');
    assert.throws(() => filter(post), /^Error: rules\[2\]\.match threw: ouch$/);
  });

  it('is told from what is none', () => {
    assert.ok([{}, { path: '/*' }, () => true].every(isFilter));
    for (const none of [
      null,
      'x',
      5,
      [],
      { url: 'x' },
      { path: '' },
      { path: 'a' },
      { path: '/a?b' },
      { method: 1 },
    ])
      assert.equal(isFilter(none), false, JSON.stringify(none));
  });
});
