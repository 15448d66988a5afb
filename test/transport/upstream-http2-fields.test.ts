import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { http2Fields } from '../../src/transport/upstream-http2-fields';
import { outgoingRequest } from '../../src/transport/upstream-request';

const fields = (init: Partial<HttpRequestInit>) =>
  Object.entries(
    http2Fields(
      outgoingRequest(
        new HttpRequest({ scheme: 'https', host: 'example.org', port: 8443, path: '/', ...init }),
      ),
    ),
  );

async function* none(): AsyncGenerator<Buffer> {}

describe('http2Fields', () => {
  it('puts Host into :authority, names into lower case, and lines of one name together', () => {
    const headers: [string, string][] = [
      ['Accept', '*/*'],
      ['HOST', 'Other.Example'],
      ['X-Two', '1'],
      ['Cookie', 'a=1'],
      ['x-two', 'caf\xe9'],
      ['cookie', 'b=2'],
    ];
    assert.deepEqual(fields({ path: '//a?q', headers }), [
      ['accept', '*/*'],
      ['x-two', ['1', 'caf\xe9']],
      ['cookie', ['a=1', 'b=2']],
      [':method', 'GET'],
      [':scheme', 'https'],
      [':authority', 'Other.Example'],
      [':path', '//a?q'],
    ]);
  });

  it('drops what is about one connection, of TE all but trailers', () => {
    const headers: [string, string][] = [
      ['Connection', 'keep-alive, X-Mine'],
      ['X-Mine', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABk'],
      ['TE', 'gzip, trailers'],
      ['Trailer', 'X-Sum'],
    ];
    const body = Body.stream(none());
    assert.deepEqual(fields({ method: 'PUT', headers, body }).slice(0, -4), [
      ['trailer', 'X-Sum'],
      ['te', 'trailers'],
    ]);
    assert.deepEqual(
      fields({}).find(([name]) => name === ':authority'),
      [':authority', 'example.org:8443'],
    );
  });

  it('says the length that is known, and a length of nothing only where the request did', () => {
    const length = (init: Partial<HttpRequestInit>) =>
      fields(init).find(([name]) => name === 'content-length')?.[1];
    assert.equal(length({ method: 'POST', body: 'four' }), '4');
    assert.equal(length({ method: 'POST', headers: { 'Content-Length': '9' }, body: 'four' }), '4');
    assert.equal(
      length({ method: 'PUT', headers: { 'Content-Length': '9' }, body: Body.stream(none()) }),
      '9',
    );
    assert.equal(length({ method: 'PUT', body: Body.stream(none()) }), undefined);
    assert.equal(length({ method: 'POST', headers: { 'Content-Length': '0' } }), '0');
    assert.equal(length({}), undefined);
  });

  it('refuses a path that has no place in HTTP/2', () => {
    assert.throws(() => fields({ path: 'http://example.org/' }), /over HTTP\/2 its path must begin with \/$/);
    assert.deepEqual(fields({ method: 'OPTIONS', path: '*' }).at(-1), [':path', '*']);
  });
});
