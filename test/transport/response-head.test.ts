import assert from 'node:assert/strict';
import { framingOf, readFields, readHead, UnfitResponse } from '../../src/transport/response-head';

const head = (line: string, ...fields: string[]) => readHead([line, ...fields, ''].join('\r\n'));
const refuses = (act: () => unknown, why: RegExp) =>
  assert.throws(act, (error: unknown) => error instanceof UnfitResponse && why.test(error.message));

describe('readHead', () => {
  it('reads lines as they came, one character a byte', () => {
    const { status, reason, httpVersion, headers } = head(
      'HTTP/1.0 299 M\xfcnchen \t!',
      'x-B:1',
      'X-a: \t caf\xe9\xa0 \t',
      'X-b:',
      '__proto__: a',
    );
    assert.deepEqual([status, reason, httpVersion], [299, 'M\xfcnchen \t!', '1.0']);
    assert.deepEqual(
      [...headers],
      [
        ['x-B', '1'],
        ['X-a', 'caf\xe9\xa0'],
        ['X-b', ''],
        ['__proto__', 'a'],
      ],
    );
  });

  it('takes a status line without a reason', () => {
    assert.deepEqual([head('HTTP/1.1 200').reason, head('HTTP/1.1 200 ').reason], ['', '']);
  });

  it('takes no other start', () => {
    for (const line of [
      ...[
        'HTTP/1.1',
        'HTTP/1.1 20 OK',
        'HTTP/1.1 2000 OK',
        'HTTP/1.1 099 OK',
        'HTTP/1.1 200\tOK',
        'HTTP/1.1 200OK',
      ],
      ...['HTTP/1.1  200 OK', 'HTTP/1.1\t200 OK', ' HTTP/1.1 200 OK', 'http/1.1 200 OK', 'HTTP/1 200 OK'],
      ...['ICY 200 OK', 'HTTP/1.1 200 OK\rX: y', 'HTTP/1.1 200 OK\nX: y', ''],
    ])
      refuses(() => head(line), /no HTTP\/1\.1 response: it does not begin with a status line$/);
    for (const protocol of ['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'RTSP/1.0', 'ICE/1.0'])
      refuses(() => head(`${protocol} 200 OK`), new RegExp(`, but one of ${protocol}$`));
    for (const reason of ['\x00', 'a\x1bb', '\x7f'])
      refuses(() => head(`HTTP/1.1 200 ${reason}`), /reason phrase holds a control character/);
  });
});

describe('readFields', () => {
  it('takes nothing that others read differently', () => {
    for (const line of [
      ...['X-A', ': b', 'X-A : b', 'X A: b', 'X\x01A: b', 'X\xe9A: b', ' X-A: b', '\tX-A: b', ''],
      ...['X-A: b\x00c', 'X-A: b\x7f', 'X-A: b\rX-B: c', 'X-A: b\nX-B: c', 'X-A: b\r\n c'],
    ])
      refuses(() => readFields(`A: b\r\n${line}\r\n`), /its header block is malformed/);
    refuses(() => readFields('A: b'), /malformed/);
    assert.equal(readFields('').size, 0);
  });

  it('takes linear time', () => {
    const lines = 'a: b\r\n'.repeat(10_000);
    assert.equal(readFields(lines).size, 10_000);
    refuses(() => readFields(`${lines}x`), /malformed/);
    refuses(() => readFields(`${'a'.repeat(60_000)}\r\n`), /malformed/);
  });
});

describe('framingOf', () => {
  const of = (fields: string[], method = 'GET', line = 'HTTP/1.1 200 OK') =>
    framingOf(head(line, ...fields), method);

  it('is what RFC 9112 says', () => {
    assert.deepEqual(of(['Content-Length: 5']), { length: 5 });
    assert.equal(of(['Transfer-Encoding: Chunked']), 'chunked');
    assert.equal(of([]), 'close');
    assert.equal(of(['Content-Length: 5'], 'HEAD'), 'none');
    for (const line of ['HTTP/1.1 103 x', 'HTTP/1.1 204 x', 'HTTP/1.1 304 x'])
      assert.equal(of(['Transfer-Encoding: chunked'], 'GET', line), 'none');
  });

  it('refuses lengths that are none, or more than one', () => {
    for (const length of ['', '-5', '+5', '0x5', '5a', '5.0', '5 5', '5, 5', '05', '9007199254740993'])
      refuses(() => of([`Content-Length: ${length}`]), /no plain decimal number/);
    refuses(() => of(['Content-Length: 5', 'content-length: 5']), /contradicts itself/);
  });

  it('reads no transfer coding but chunked, none beside a length, none of HTTP/1.0', () => {
    for (const coding of ['', 'gzip, chunked', 'chunked, chunked', 'identity', ',chunked'])
      refuses(() => of([`Transfer-Encoding: ${coding}`]), /not read here/);
    refuses(() => of(['Transfer-Encoding: chunked', 'transfer-encoding: chunked']), /not read here/);
    refuses(() => of(['Content-Length: 5', 'Transfer-Encoding: chunked']), /can't be present/);
    refuses(() => of(['Transfer-Encoding: chunked'], 'GET', 'HTTP/1.0 200 OK'), /HTTP\/1\.0/);
  });
});
