import assert from 'node:assert/strict';
import { parseProxyUrl, proxyAuthorization, proxyName } from '../../src/transport/upstream-proxy';

describe('parseProxyUrl', () => {
  it('reads what stands before origins', () => {
    for (const [url, kind, host, port, shown] of [
      ['http://p.example:3128', 'http', 'p.example', 3128, 'http://p.example:3128'],
      ['p.example:3128', 'http', 'p.example', 3128, 'http://p.example:3128'],
      ['HTTP://P.example/', 'http', 'p.example', 80, 'http://p.example:80'],
      ['https://[::1]', 'https', '::1', 443, 'https://[::1]:443'],
      ['socks5://127.0.0.1', 'socks5', '127.0.0.1', 1080, 'socks5://127.0.0.1:1080'],
      ['socks5h://127.0.0.1:9050', 'socks5', '127.0.0.1', 9050, 'socks5://127.0.0.1:9050'],
    ] as const)
      assert.deepEqual(parseProxyUrl(url), { kind, host, port, shown }, url);
  });

  it('reads credentials, and does not show them', () => {
    for (const [url, user, password] of [
      ['http://me:secret@p', 'me', 'secret'],
      ['me:secret@p', 'me', 'secret'],
      ['http://me@p', 'me', ''],
      ['http://me:a:b@p', 'me', 'a:b'],
      ['http://m%40e:s%C3%A9%2Fcret@p', 'm@e', 'sé/cret'],
      ['http://me:p@ss@p', 'me', 'p@ss'],
      ['socks5://:secret@p', '', 'secret'],
    ] as const) {
      const proxy = parseProxyUrl(url);
      assert.deepEqual(proxy.credentials, { user, password }, url);
      assert.match(proxyName(proxy), /^the upstream proxy (?:http:\/\/p:80|socks5:\/\/p:1080)$/);
    }
    assert.equal(parseProxyUrl('http://@p').credentials, undefined);
  });

  it('refuses the rest in one line without credentials', () => {
    for (const [url, problem] of [
      ['ftp://me:secret@p', 'has the scheme ftp; known are http, https, socks5 and socks5h'],
      ['socks4://p', 'has the scheme socks4;'],
      ['http://me:secret@p/way', 'has a path;'],
      ['http://me:se/cret@p', 'has a path;'],
      ['http://me:secret@', 'has no usable host and port;'],
      ['http://p:0', 'has no usable host and port;'],
      ['http://a b', 'has no usable host and port;'],
      ['', 'has no usable host and port;'],
      ['http://me:%zz@p', 'has a user name or password with a % that is no code;'],
      ['http://me:a%0d%0ab@p', 'has a control character'],
      ['http://m%3ae:secret@p', 'has a colon in its user name'],
      [`socks5://${'a'.repeat(256)}:secret@p`, 'has a user name or password of more than 255 bytes'],
    ] as const) {
      assert.throws(
        () => parseProxyUrl(url),
        (error: Error) => {
          assert.equal(error.name, 'ConfigError');
          assert.ok(error.message.includes(` ${problem}`), error.message);
          assert.doesNotMatch(error.message, /secret|cret|%zz|\n/);
          return true;
        },
      );
    }
  });
});

describe('proxyAuthorization', () => {
  it('is Basic and UTF-8, or not there', () => {
    const value = proxyAuthorization(parseProxyUrl('http://me:s%C3%A9cret@p'));
    assert.equal(value, `Basic ${Buffer.from('me:sécret', 'utf8').toString('base64')}`);
    assert.equal(proxyAuthorization(parseProxyUrl('http://p')), undefined);
  });
});
