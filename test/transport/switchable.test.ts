import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { headWithoutUpgrade, isSwitchable, protocolsOf } from '../../src/transport/switchable';

describe('protocolsOf', () => {
  it('lists what is asked for, but for HTTP/2 without TLS', () => {
    const asked = (...values: string[]) =>
      protocolsOf(new HttpHeaders(values.map((value) => ['Upgrade', value] as const)));
    assert.deepEqual(asked('websocket'), ['websocket']);
    assert.deepEqual(asked('h2c, foo/1 ,,', 'IRC/6.9'), ['foo/1', 'IRC/6.9']);
    assert.deepEqual(asked('H2C'), []);
    assert.deepEqual(asked(), []);
  });
});

describe('isSwitchable', () => {
  const head = (httpVersion: string, ...rawHeaders: string[]) => isSwitchable({ httpVersion, rawHeaders });

  it('is a request of HTTP/1.1 without content', () => {
    assert.ok(head('1.1', 'Upgrade', 'websocket'));
    assert.ok(head('1.1', 'Upgrade', 'foo', 'Content-Length', '0'));
    assert.ok(!head('1.0', 'Upgrade', 'websocket'));
    assert.ok(!head('1.1', 'Upgrade', 'h2c'));
    assert.ok(!head('1.1', 'Upgrade', 'foo', 'Content-Length', '3'));
    assert.ok(!head('1.1', 'Upgrade', 'foo', 'Transfer-Encoding', 'chunked'));
  });
});

describe('headWithoutUpgrade', () => {
  it('is the head as it came, without the line', () => {
    const rawHeaders = ['hOst', 'a', 'UPGRADE', 'h2c', 'X', '\xe9', 'X', '2'];
    assert.equal(
      headWithoutUpgrade({ method: 'PUT', url: '/\xe9', httpVersion: '1.1', rawHeaders }).toString('latin1'),
      'PUT /\xe9 HTTP/1.1\r\nhOst: a\r\nX: \xe9\r\nX: 2\r\n\r\n',
    );
  });
});
