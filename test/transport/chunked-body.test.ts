import assert from 'node:assert/strict';
import { ChunkedBody } from '../../src/transport/chunked-body';
import { UnfitResponse } from '../../src/transport/response-head';

/** Content, trailers and what is left of bytes that come in pieces of `size`. */
function read(text: string, size = text.length, limit = 100) {
  let content = '';
  let rest = '';
  const body = new ChunkedBody(limit, (bytes) => (content += bytes.toString('latin1')));
  for (let at = 0; at < text.length; at += size) {
    const bytes = Buffer.from(text.slice(at, at + size), 'latin1');
    rest += body.trailers ? bytes.toString('latin1') : body.push(bytes).toString('latin1');
  }
  return { content, rest, trailers: body.trailers && [...body.trailers] };
}

describe('ChunkedBody', () => {
  it('reads chunks and trailers in pieces of any size, and leaves what is behind them', () => {
    const text = '5\r\nhello\r\nA;x="y"\r\n0123456789\r\n000\r\nX-Sum: 1\r\nx-sum:2\r\n\r\nHTTP';
    for (let size = 1; size <= text.length; size++) {
      assert.deepEqual(read(text, size), {
        content: 'hello0123456789',
        rest: 'HTTP',
        trailers: [
          ['X-Sum', '1'],
          ['x-sum', '2'],
        ],
      });
    }
  });

  it('is not whole before the empty line', () => {
    for (const text of ['', '5', '5\r\nhel', '5\r\nhello', '0\r\n', '0\r\nX: y\r\n', '0\r\n\r'])
      assert.equal(read(text).trailers, undefined);
    assert.deepEqual(read('0\r\n\r\n').trailers, []);
  });

  it('refuses what others read differently', () => {
    for (const text of [
      ...['hello\r\n', '\r\nhello', '0x5\r\n', '-5\r\n', '+5\r\n', '5 \r\n', ' 5\r\n', '5\n', '5;a\n'],
      ...['10000000000000005\r\n', 'ffffffffffffffff\r\n', '5;\x00\r\n', '3\r\nhello\r\n', '5\r\nhello0\r\n'],
      ...['5\r\nhello\n', '5\r\nhello\r\rx\n', '0\n\n', '0\r\nX Sum: 1\r\n\r\n', '0\r\nX: 1\r\n 2\r\n\r\n'],
      ...['0\r\nX: \x00\r\n\r\n', '5\r\nhello\r0\r\n', '5\r\nhello\rHTTP/1.1 200 OK\r\n0\r\n\r\n'],
    ]) {
      assert.throws(() => read(text), UnfitResponse, JSON.stringify(text));
      assert.throws(() => read(text, 1), UnfitResponse, JSON.stringify(text));
    }
  });

  it('holds lines and trailers of a limit, and none longer', () => {
    assert.throws(() => read(`5;${'a'.repeat(99)}`), /more than 100 bytes/);
    assert.throws(() => read(`0\r\n${'X: y\r\n'.repeat(20)}`), /more than 100 bytes/);
  });
});
