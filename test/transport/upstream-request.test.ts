import assert from 'node:assert/strict';
import { statusOf, UpstreamError } from '../../src/errors';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { outgoingRequest } from '../../src/transport/upstream-request';

const request = (init: Partial<HttpRequestInit>) =>
  new HttpRequest({ scheme: 'http', host: 'example.org', port: 80, path: '/', ...init });

const head = (init: Partial<HttpRequestInit>) => outgoingRequest(request(init)).head('none').split('\r\n');

async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('outgoingRequest', () => {
  it('keeps case, order, duplicates and bytes of the header lines, and the place of Host', () => {
    const headers = [
      ['aCCept', '*/*'],
      ['HOST', 'other.example'],
      ['X-Two', '1'],
      ['x-two', '2'],
      ['X-Bytes', 'caf\xe9'],
    ] as const;
    assert.deepEqual(head({ path: '//a/../%zz?q#f', headers }), [
      'GET //a/../%zz?q#f HTTP/1.1',
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ]);
  });

  it('takes out what belongs to one hop, named by Connection or by itself', () => {
    const headers: [string, string][] = [
      ['Host', 'example.org'],
      ['Connection', 'close, X-Mine , host'],
      ['x-mine', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Connection', 'keep-alive'],
      ['Proxy-Authorization', 'Basic eDp5'],
      ['TE', 'deflate'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['Expect', '100-continue'],
      ['Accept', '*/*'],
    ];
    assert.deepEqual(head({ headers }), ['GET / HTTP/1.1', 'Host: example.org', 'Accept: */*', '', '']);
  });

  it('announces no trailers where there are no chunks', () => {
    const headers = { Host: 'a', Trailer: 'X-Sum', Accept: '*/*' };
    assert.deepEqual(head({ headers }).slice(1, -2), ['Host: a', 'Accept: */*']);
  });

  it('keeps TE: trailers, and lists it in Connection as it must be', () => {
    const headers = { Host: 'a', TE: 'gzip, Trailers', Connection: 'TE' };
    assert.deepEqual(head({ headers }).slice(1, -2), ['Host: a', 'TE: trailers', 'Connection: TE']);
  });

  it('names the host first when the request has no Host', () => {
    assert.equal(head({ host: '::1', port: 8080, headers: { accept: '*/*' } })[1], 'Host: [::1]:8080');
    assert.equal(head({ scheme: 'https', port: 443 })[1], 'Host: example.org');
  });

  it('has exactly one framing, a length where it stood and corrected', () => {
    const headers: [string, string][] = [
      ['content-LENGTH', '99'],
      ['Host', 'a'],
      ['Content-Length', '98'],
    ];
    const outgoing = outgoingRequest(request({ method: 'POST', headers, body: 'four' }));
    const lines = (framing: Parameters<typeof outgoing.head>[0]) =>
      outgoing.head(framing).split('\r\n').slice(1);
    assert.deepEqual(lines({ length: '4' }), ['content-LENGTH: 4', 'Host: a', '', '']);
    assert.deepEqual(lines('chunked'), ['Host: a', 'Transfer-Encoding: chunked', '']);
    assert.deepEqual(lines('none'), ['content-LENGTH: 0', 'Host: a', '', '']);
  });

  it('adds a length when the request had none', () => {
    const outgoing = outgoingRequest(request({ method: 'POST', headers: { Host: 'a' }, body: 'four' }));
    assert.equal(outgoing.head({ length: '4' }), 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n');
  });

  it('ends the connection with HEAD, and says so', () => {
    assert.deepEqual(head({ method: 'HEAD', headers: { Host: 'a' } }).slice(1), [
      'Host: a',
      'Connection: close',
      '',
      '',
    ]);
  });

  it('knows the length of a stream from its header only', () => {
    const stream = (headers: Record<string, string>) =>
      outgoingRequest(request({ method: 'PUT', headers, body: Body.stream(parts('x')) })).length;
    assert.equal(stream({ 'content-length': '12' }), 12);
    assert.equal(stream({}), undefined);
  });

  it('lets only safe requests without content be repeated', () => {
    const repeatable = (method: string, body = '') => outgoingRequest(request({ method, body })).repeatable;
    assert.deepEqual(
      ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE'].map((method) => repeatable(method)),
      [true, true, true, false, false, false],
    );
    assert.equal(repeatable('GET', 'x'), false);
  });

  const raw = (...list: string[]) => {
    const bad = request({ body: Body.stream(parts('x')) });
    bad.headers = HttpHeaders.fromRaw(list);
    return bad;
  };
  for (const [title, bad] of [
    ['a space in the path', request({ path: '/a b' })],
    ['a line break in the path', request({ path: '/a\r\nX: y' })],
    ['a wide character in the path', request({ path: '/\u0161' })],
    ['a path without slash', request({ path: 'a' })],
    ['a method that is none', request({ method: 'GE T' })],
    ['CONNECT', request({ method: 'CONNECT' })],
    ['two Host headers', raw('Host', 'a', 'host', 'a')],
    ['a line break in a value', raw('X', 'a\r\nY: b')],
    ['a wide character in a value', raw('X', '\u0161')],
    ['lengths of a stream that contradict', raw('Content-Length', '1', 'Content-Length', '2')],
    ['a length of a stream that is none', raw('Content-Length', '+1')],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => outgoingRequest(bad),
        (error: unknown) =>
          error instanceof UpstreamError &&
          statusOf(error) === 502 &&
          /^the request for http:\/\/example\.org cannot be sent on: .+$/.test(error.message),
      );
    });
  }
});
