import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpResponse, type HttpResponseInit } from '../../src/http/response';
import { frameResponse, type ResponseContext, trailersOf } from '../../src/transport/response-framing';

const stream = () => Body.stream((async function* (): AsyncGenerator<Buffer> {})());

function frame(init: HttpResponseInit, context: Partial<ResponseContext> = {}) {
  return frameResponse(new HttpResponse(init), {
    method: 'GET',
    httpVersion: '1.1',
    keepAlive: true,
    ...context,
  });
}

const lines = (framed: ReturnType<typeof frame>) =>
  framed.headers.map(([name, value]) => `${name}: ${value}`);

describe('frameResponse', () => {
  it('keeps case, order, duplicates, reason, and the place of Content-Length', () => {
    const framed = frame({
      reason: 'Jolly Good',
      headers: [['X-b', '1'], ['content-LENGTH', '99'], ['x-A', '2'], ['x-B', '3'], ['Date', 'then']], // prettier-ignore
      body: 'four',
    });
    assert.deepEqual(lines(framed), ['X-b: 1', 'content-LENGTH: 4', 'x-A: 2', 'x-B: 3', 'Date: then']);
    assert.deepEqual([framed.reason, framed.closes], ['Jolly Good', false]);
  });

  it('adds a length where none was', () => {
    assert.deepEqual(lines(frame({ body: 'four' })), ['Content-Length: 4']);
    assert.deepEqual(lines(frame({})), ['Content-Length: 0']);
    assert.deepEqual(lines(frame({ body: 'four' }, { httpVersion: '2.0' })), ['Content-Length: 4']);
  });

  it('adds none to what is all head in HTTP/2', () => {
    assert.deepEqual(lines(frame({}, { httpVersion: '2.0' })), []);
    assert.deepEqual(lines(frame({ headers: { 'Content-Length': '7' } }, { httpVersion: '2.0' })), [
      'Content-Length: 0',
    ]);
  });

  it('makes recorded framing and hop-by-hop lines anew', () => {
    const headers = {
      'Transfer-Encoding': 'gzip, chunked',
      Connection: 'keep-alive, X-Hop, content-type',
      'Keep-Alive': 'timeout=5',
      'X-Hop': '1',
      Upgrade: 'h2c',
      'Proxy-Authenticate': 'Basic',
      TE: 'gzip',
      'Content-Type': 'text/plain',
    };
    assert.deepEqual(lines(frame({ headers, body: 'x' })), ['Content-Type: text/plain', 'Content-Length: 1']);
  });

  it('sends streams in chunks, or by the length that they declare', () => {
    assert.deepEqual(lines(frame({ body: stream() })), ['Transfer-Encoding: chunked']);
    const known = frame({ body: stream(), headers: { 'Content-Length': '5' } });
    assert.deepEqual(known.end, { kind: 'length', length: 5 });
    for (const length of ['abc', '-1', ['5', '6']]) {
      const unknown = frame({ body: stream(), headers: { 'Content-Length': length } });
      assert.deepEqual(lines(unknown), ['Transfer-Encoding: chunked']);
    }
  });

  it('gives HTTP/1.0 clients no chunks', () => {
    const framed = frame({ body: stream(), trailers: { a: 'b' } }, { httpVersion: '1.0' });
    assert.deepEqual(framed.end, { kind: 'close' });
    assert.deepEqual(lines(framed), ['Connection: close']);
    assert.deepEqual(lines(frame({ body: 'x' }, { httpVersion: '1.0' })), [
      'Content-Length: 1',
      'Connection: keep-alive',
    ]);
  });

  it('keeps the Content-Length of HEAD and 304, without a body', () => {
    const headers = { 'Content-Length': '1234', 'Transfer-Encoding': [] };
    for (const framed of [frame({ headers }, { method: 'HEAD' }), frame({ headers, status: 304 })]) {
      assert.deepEqual(lines(framed), ['Content-Length: 1234']);
      assert.deepEqual(framed.end, { kind: 'none' });
    }
    assert.deepEqual(lines(frame({ body: stream() }, { method: 'HEAD' })), []);
  });

  it('gives 204 neither length nor body', () => {
    const framed = frame({ status: 204, headers: { 'content-length': '3' }, body: 'abc' });
    assert.deepEqual([lines(framed), framed.end], [[], { kind: 'none' }]);
  });

  it('chunks for trailers, announces them, and leaves out those that belong into the head', () => {
    const trailers = { 'X-Sum': '1', 'Content-Length': '9' };
    const framed = frame({ body: 'x', trailers, headers: { 'Content-Length': '1' } });
    assert.deepEqual(lines(framed), ['Transfer-Encoding: chunked', 'Trailer: X-Sum']);
    assert.deepEqual(trailersOf(new HttpResponse({ trailers })), [['X-Sum', '1']]);
    const announced = frame({ body: stream(), headers: { Trailer: 'X-Sum' } });
    assert.deepEqual(lines(announced), ['Trailer: X-Sum', 'Transfer-Encoding: chunked']);
    assert.deepEqual(lines(frame({ headers: { Trailer: 'X' } }, { method: 'HEAD' })), []);
  });

  it('says when the connection ends', () => {
    const framed = frame({ body: 'x' }, { keepAlive: false });
    assert.deepEqual([lines(framed), framed.closes], [['Content-Length: 1', 'Connection: close'], true]);
  });

  it('lets a 407 ask for credentials', () => {
    const headers = { 'Proxy-Authenticate': 'Basic realm="x"' };
    assert.ok(lines(frame({ status: 407, headers })).includes('Proxy-Authenticate: Basic realm="x"'));
  });
});
