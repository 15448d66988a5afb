import assert from 'node:assert/strict';
import { UnfitResponse } from '../../src/transport/response-head';
import { ResponseParser, type ResponseReader } from '../../src/transport/response-parser';

const OK = 'HTTP/1.1 200 OK\r\n';

/** What a reader hears of bytes that come in pieces of `size`, and what is left of them. */
function read(text: string, { size = text.length, method = 'GET', limit = 1000 } = {}) {
  const told: string[] = [];
  const reader: ResponseReader = {
    method,
    interim: ({ status }) => void told.push(`interim ${status}`),
    begin: ({ status }, framing) => void told.push(`begin ${status} ${JSON.stringify(framing)}`),
    content: (bytes) => void told.push(`+${bytes.toString('latin1')}`),
    end: (trailers) => void told.push(['end', ...trailers.toRaw()].join(' ')),
  };
  const parser = new ResponseParser(limit);
  parser.expect(reader);
  let rest = '';
  for (let at = 0; at < text.length; at += size)
    rest += parser.push(Buffer.from(text.slice(at, at + size), 'latin1')).toString('latin1');
  const heard = told.join('|').replaceAll(/(?<=\+[^|]*)\|\+/g, '');
  return { heard, rest, parser, told };
}

describe('ResponseParser', () => {
  it('reads each framing in pieces of any size, and leaves what is behind the end', () => {
    for (const [text, heard] of [
      [`${OK}Content-Length: 5\r\n\r\nhello`, 'begin 200 {"length":5}|+hello|end'],
      [`\r\n${OK}Content-Length: 0\r\n\r\n`, 'begin 200 {"length":0}|end'],
      [
        `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n`,
        'begin 200 "chunked"|+hello|end X y',
      ],
      ['HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n', 'begin 304 "none"|end'],
      ['HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n', 'begin 101 "none"'],
      [
        `HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 x\r\nA: b\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
        'interim 100|interim 103|begin 200 {"length":1}|+x|end',
      ],
    ] as const) {
      for (let size = 1; size <= text.length + 4; size++) {
        const found = read(`${text}evil`, { size });
        assert.deepEqual([found.heard, found.rest], [heard, 'evil'], `${text} by ${size}`);
      }
    }
  });

  it('knows that nothing follows the head for HEAD', () => {
    const found = read(`${OK}Content-Length: 5\r\n\r\nhello`, { method: 'HEAD' });
    assert.deepEqual([found.heard, found.rest], ['begin 200 "none"|end', 'hello']);
  });

  it('ends with the connection only what has no other end', () => {
    const open = read(`${OK}\r\nhello`);
    assert.equal(open.heard, 'begin 200 "close"|+hello');
    assert.equal(open.parser.close(), true);
    assert.equal(open.told.at(-1), 'end');
    for (const text of ['', OK, `${OK}Content-Length: 9\r\n\r\nhello`, `${OK}Content-Length: 0\r\n\r\n`])
      assert.equal(read(text).parser.close(), false);
  });

  it('does not wait for the end of what cannot become a head', () => {
    for (const text of [
      ...['SSH-2.0-x\r\n', '\x00', 'hello', 'HTTP/1.1 200 OK\nA: b\n\n', `${OK}A: b\r\n\n`, `${OK}A: b\rC`],
    ])
      assert.throws(() => read(text), UnfitResponse, JSON.stringify(text));
    for (const text of ['\r', 'HTT', 'HTTP/1.1 20', `${OK}A: b\r`]) assert.equal(read(text).heard, '');
    assert.throws(() => read('HTTP/2.0 200 OK\r\n\r\n'), /one of HTTP\/2\.0/);
  });

  it('keeps what came with the end of a head from what the next one comes in', () => {
    const { parser } = read('');
    const kept: Buffer[] = [];
    const reader = {
      method: 'GET',
      interim() {},
      begin() {},
      end() {},
      content: (bytes: Buffer) => kept.push(bytes),
    };
    for (const content of ['a', 'b']) {
      parser.expect(reader);
      for (const bytes of [OK, 'Content-Length: 1\r\n', `\r\n${content}`]) parser.push(Buffer.from(bytes));
    }
    assert.equal(Buffer.concat(kept).toString(), 'ab');
  });

  it('takes linear time for a head that comes byte by byte', () => {
    const [size, byte] = [512 * 1024, Buffer.from('a')];
    const { parser } = read(`${OK}A: `, { limit: size });
    for (let sent = OK.length + 3; sent < size; sent++) parser.push(byte);
    assert.throws(() => parser.push(byte), /more than \d+ bytes/);
  });

  it('takes a header block of the limit, and none of a byte more', () => {
    const whole = `${OK}Content-Length: 0\r\n\r\n`;
    assert.match(read(whole, { limit: whole.length }).heard, /end$/);
    assert.throws(() => read(whole, { limit: whole.length - 1 }), /more than \d+ bytes/);
    assert.throws(() => read(`${OK}A: ${'b'.repeat(1000)}`), /more than 1000 bytes/);
  });
});
