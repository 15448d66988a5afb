import assert from 'node:assert/strict';
import { localScheme, targetOf } from '../../src/recording/har-target';

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
    ]) {
      assert.equal(targetOf(url, 'GET'), undefined, url);
    }
    assert.equal(targetOf('constructor://h/', 'GET'), undefined);
  });

  it('takes linear time for long hostile URLs', () => {
    assert.equal(targetOf(`http://${'@'.repeat(100_000)}`, 'GET'), undefined);
    assert.equal(targetOf(`http://${'a'.repeat(100_000)}:x`, 'GET'), undefined);
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
