import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { framingProblem, hasBody, trailerProblem } from '../../src/transport/request-framing';

const problem = (lines: string[], version = '1.1') =>
  framingProblem(HttpHeaders.fromRaw(lines), version)?.sentence;

describe('framingProblem', () => {
  for (const lines of [
    [],
    ['Content-Length', '0'],
    ['Content-Length', '12'],
    ['Transfer-Encoding', 'chunked'],
    ['transfer-encoding', ' Chunked'],
  ]) {
    it(`takes ${lines.join(': ') || 'no body'}`, () => assert.equal(problem(lines), undefined));
  }

  for (const lines of [
    ['Transfer-Encoding', ''],
    ['Transfer-Encoding', ',chunked'],
    ['Transfer-Encoding', 'gzip, chunked'],
    ['Transfer-Encoding', 'identity'],
    ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'],
    ['Transfer-Encoding', 'chunked', 'Content-Length', '3'],
    ['Content-Length', '00'],
    ['Content-Length', '+3'],
    ['Content-Length', '3, 3'],
    ['Content-Length', '3', 'content-length', '3'],
    ['Content-Length', '99999999999999999999'],
    ['Content-Length', '9007199254740993'],
    ['__proto__', 'x'],
  ]) {
    it(`refuses ${lines.join(': ')}`, () => assert.notEqual(problem(lines), undefined));
  }

  it('refuses Transfer-Encoding on HTTP/1.0', () => {
    assert.match(problem(['Transfer-Encoding', 'chunked'], '1.0') ?? '', /HTTP\/1\.0/);
  });
});

describe('trailerProblem', () => {
  it('refuses what decides where a message goes or ends', () => {
    assert.equal(trailerProblem(HttpHeaders.fromRaw(['X-Sum', '1', 'etag', '"a"'])), undefined);
    for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'Connection', '__proto__'])
      assert.equal(trailerProblem(HttpHeaders.fromRaw(['X-Sum', '1', name, 'x']))?.status, 400, name);
  });
});

describe('hasBody', () => {
  it('goes by the headers', () => {
    assert.equal(hasBody(HttpHeaders.fromRaw([])), false);
    assert.equal(hasBody(HttpHeaders.fromRaw(['content-length', '0'])), false);
    assert.equal(hasBody(HttpHeaders.fromRaw(['Content-Length', '2'])), true);
    assert.equal(hasBody(HttpHeaders.fromRaw(['Transfer-Encoding', 'chunked'])), true);
  });
});
