import assert from 'node:assert/strict';
import { isHost, isMethod, localScheme, sendablePath, targetOf } from '../../src/recording/har-target';

describe('targetOf', () => {
  it('reads scheme, host, port and the path as it stands', () => {
    assert.deepEqual(targetOf('HTTPS://Shop.Test:444//a?b#c', 'GET'), {
      scheme: 'https',
      host: 'Shop.Test',
      port: 444,
      path: '//a?b',
    });
    assert.equal(targetOf('http://[fe80::1%25eth0]/', 'GET')?.host, 'fe80::1%25eth0');
    assert.equal(targetOf('http://h:/', 'GET')?.port, 80);
  });

  it('writes names in other letters as they are on the wire', () => {
    assert.equal(targetOf('http://b\u00fccher.example/', 'GET')?.host, 'xn--bcher-kva.example');
  });

  it('takes the end of an IPv6 address without brackets from the Host header', () => {
    const v6 = targetOf('http://::1:42180/x?y', 'GET', '[::1]:42180');
    assert.deepEqual(v6, { scheme: 'http', host: '::1', port: 42180, path: '/x?y' });
    assert.equal(targetOf('https://fe80::1', 'GET', '[fe80::1]')?.port, 443);
    for (const host of [undefined, '', 'h:1', '[::1]/x', '[::1', '[::1]:x', '[::2]:42180'])
      assert.equal(targetOf('http://::1:42180/', 'GET', host), undefined, host);
    assert.equal(targetOf('http://h:1/', 'GET', '[::1]')?.host, 'h');
    assert.equal(targetOf('http://h:99999/', 'GET', '[::1]'), undefined);
  });

  it('finds none where HTTP cannot go', () => {
    for (const url of [
      '',
      'h/path',
      '//h/',
      'ftp://h/',
      'http:///x',
      'http://h:0/',
      'http://h:65536/',
      'http://h:8x/',
      'http://[::1',
      'http://a b/',
      'http://\ud800/',
    ]) {
      assert.equal(targetOf(url, 'GET'), undefined, url);
    }
    assert.equal(targetOf('constructor://h/', 'GET'), undefined);
  });

  it('takes linear time for long hostile URLs', () => {
    assert.equal(targetOf(`http://${'@'.repeat(100_000)}`, 'GET'), undefined);
    assert.equal(targetOf(`http://${'a'.repeat(100_000)}:x`, 'GET'), undefined);
    assert.equal(targetOf(`http://${':'.repeat(20_000)}x`, 'GET', '[::1]'), undefined);
  });
});

describe('localScheme', () => {
  it('names schemes that need no server', () => {
    assert.deepEqual(['data:,x', 'BLOB:x', 'http://h', 'wss://h', 'nothing'].map(localScheme), [
      'data',
      'blob',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what stands in no request line', () => {
  it('is a method that is no token, or endless', () => {
    for (const method of ['GET', 'M-SEARCH', 'x'.repeat(64)]) assert.ok(isMethod(method), method);
    for (const method of ['', 'G T', 'GET\r\n', 'x'.repeat(65)]) assert.ok(!isMethod(method), method);
  });

  it('is percent-encoded in paths, and makes no host', () => {
    assert.equal(sendablePath('/a b?\u00e9=\u2713'), '/a%20b?\u00e9=%E2%9C%93');
    for (const host of ['a.test', '::1', 'b\u00fccher.test']) assert.ok(isHost(host), host);
    for (const host of ['', 'a b', '\ud800', 'a\r\n']) assert.ok(!isHost(host), host);
  });
});
