import assert from 'node:assert/strict';
import { headerBlockLength } from '../../src/transport/header-block';

describe('headerBlockLength', () => {
  it('counts what is on the wire', () => {
    const block = 'GET / HTTP/1.1\r\nHost: a\r\nX-B: \r\n\r\n';
    assert.equal(headerBlockLength('GET / HTTP/1.1', ['Host', 'a', 'X-B', '']), block.length);
    assert.equal(headerBlockLength('HTTP/1.1 200 OK', []), 'HTTP/1.1 200 OK\r\n\r\n'.length);
  });
});
