import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { protocolOf, unfitResponse } from '../../src/transport/unfit-response';

const problem = (
  rawHeaders: string[],
  { status = 200, reason = 'OK', protocol = 'HTTP/1.1', headerBlock = 100 } = {},
) => unfitResponse({ status, reason, protocol, headers: HttpHeaders.fromRaw(rawHeaders) }, { headerBlock });

describe('unfitResponse', () => {
  it('takes HTTP/1.0 and HTTP/1.1 and nothing else', () => {
    assert.equal(problem([]), undefined);
    assert.equal(problem([], { protocol: 'HTTP/1.0' }), undefined);
    for (const protocol of ['HTTP/0.9', 'HTTP/2.0', 'RTSP/1.0', 'ICE/1.0'])
      assert.match(problem([], { protocol }) ?? '', /^sent what is no HTTP\/1\.1 response/);
  });

  it('refuses control characters in the reason', () => {
    assert.equal(problem([], { reason: 'M\xfcnchen \t' }), undefined);
    for (const reason of ['\x00', 'a\x1bb', '\x7f'])
      assert.match(problem([], { reason }) ?? '', /control character/);
  });

  it('takes a header block of the limit, and none of a byte more', () => {
    const block = 'HTTP/1.1 200 OK\r\nX: \r\n\r\n'.length;
    assert.equal(problem(['X', 'x'.repeat(100 - block)]), undefined);
    assert.equal(problem(['X', 'x'.repeat(101 - block)]), 'sent a header block of more than 100 bytes');
  });

  it('refuses a length that no number can hold', () => {
    assert.equal(problem(['Content-Length', '9007199254740991']), undefined);
    for (const length of ['9007199254740993', '05', '5, 5', ''])
      assert.match(problem(['Content-Length', length]) ?? '', /no plain decimal number/);
  });

  it('reads no transfer coding but chunked, and none of HTTP/1.0', () => {
    assert.equal(problem(['Transfer-Encoding', 'Chunked']), undefined);
    for (const coding of ['', 'gzip, chunked', 'identity'])
      assert.match(problem(['Transfer-Encoding', coding]) ?? '', /not read here/);
    assert.match(problem(['Transfer-Encoding', 'chunked'], { protocol: 'HTTP/1.0' }) ?? '', /HTTP\/1\.0/);
  });
});

describe('protocolOf', () => {
  const of = (status: number, ...parts: string[]) =>
    protocolOf(
      status,
      parts.map((part) => Buffer.from(part)),
    );

  it('is at the start of the status line, in pieces or behind interim responses', () => {
    assert.equal(of(200, 'HTTP/1.0 200 OK\r\n\r\n'), 'HTTP/1.0');
    assert.equal(of(200, 'HTT', 'P/1.0 2', '00 OK\r\n\r\n'), 'HTTP/1.0');
    assert.equal(of(200, 'HTTP/1.1 103 x\r\n\r\nHTTP/1.0 200 OK\r\n\r\n'), 'HTTP/1.0');
    assert.equal(of(200, 'RTSP/1.0 200\r\n\r\n'), 'RTSP/1.0');
  });
});
