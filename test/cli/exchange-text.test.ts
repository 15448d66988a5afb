import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { exchangeJson, exchangeText } from '../../src/cli/exchange-text';
import { entry, requestOf } from '../support/replay';
import { messagesOf, webSocketEntry } from '../support/web-socket-client';

describe('exchangeText', () => {
  it('has both messages with decoded bodies and trailers', () => {
    const request = requestOf('POST http://shop.example/cart', { 'X-Id': '1' }, '{"a":1}');
    const answer = {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('one\n\n\ttwo'),
      trailers: { 'x-sum': '9' },
    };
    const [first, ...lines] = exchangeText(entry(request, '', { answer, number: 3 })).split('\n');
    assert.match(first ?? '', /^3 POST http:\/\/shop\.example\/cart 200 \d+ B -$/);
    assert.deepEqual(lines, [
      '',
      'POST http://shop.example/cart HTTP/1.1',
      'Host: shop.example',
      'X-Id: 1',
      '',
      '{"a":1}',
      '',
      'HTTP/1.1 200 OK',
      'content-encoding: gzip',
      '',
      'one',
      '',
      '\ttwo',
      '',
      'x-sum: 9',
      '',
    ]);
  });

  it('has what was said on a WebSocket', () => {
    const flow = webSocketEntry(messagesOf('> hi'));
    assert.match(exchangeText(flow), /\n\nWebSocket: 1 message, 1 from the client; [^\n]*\n> [^\n]*: hi\n$/);
    const { webSocket } = JSON.parse(exchangeJson(flow)) as { webSocket: { messages: unknown[] } };
    assert.equal(webSocket.messages.length, 1);
    assert.doesNotMatch(exchangeJson(entry('http://a/', '')), /webSocket/);
  });

  const bodyOf = (body: Buffer | string, headers = {}) =>
    exchangeText(entry('http://a/', '', { answer: { body, headers } })).split('\n\n')[3];

  it('tells the size of what is binary and how it begins', () => {
    assert.equal(bodyOf(Buffer.from([0x89, 0x50, 0x00, 0xff])), '(binary, 4 bytes: 89 50 00 ff)\n');
    assert.match(bodyOf(Buffer.alloc(1000)) ?? '', /^\(binary, 1000 bytes: (00 ){32}…\)\n$/);
  });

  it('says why a body is not decoded', () => {
    const body = bodyOf('no gzip', { 'content-encoding': 'gzip' });
    assert.match(body ?? '', /^\(a body is not valid gzip: [^\n]*, 7 bytes: 6e 6f 20 67 7a 69 70\)\n$/);
  });

  it('escapes control characters but for lines and tabs', () => {
    assert.equal(bodyOf('a\tb\x1b[2J\r\nc\u202e'), 'a\tb\\x1b[2J\nc\\u202e\n');
  });

  it('says that a body was not stored, and shows a request without a response', () => {
    const flow = entry('http://a/', '', { unstored: { response: true } });
    assert.match(exchangeText(flow), /HTTP\/1\.1 200 OK\n\n\(not stored\)\n$/);
    const { response: _, ...rest } = entry('http://a/', '', { error: 'refused' });
    assert.match(exchangeText(rest), /: refused\n\nGET http:\/\/a\/ HTTP\/1\.1\nHost: a\n$/);
  });
});

describe('exchangeJson', () => {
  it('is one line, with texts as texts and bytes as base64', () => {
    const flow = entry(requestOf('POST http://a/', { 'X-A': 'b' }, 'text'), '', {
      number: 2,
      answer: { body: Buffer.from([0xff, 0]) },
    });
    const line = exchangeJson(flow);
    assert.equal(line.indexOf('\n'), line.length - 1);
    const { request, response, number } = JSON.parse(line) as Record<string, Record<string, unknown>>;
    assert.equal(number, 2);
    assert.deepEqual(request, {
      httpVersion: '1.1',
      headers: [
        ['Host', 'a'],
        ['X-A', 'b'],
      ],
      trailers: [],
      body: { text: 'text' },
    });
    assert.deepEqual(response?.['body'], { base64: '/wA=' });
  });

  it('says what is wrong with a body', () => {
    const flow = entry('http://a/', '', { unstored: { response: true } });
    const { response } = JSON.parse(exchangeJson(flow)) as { response: { body: unknown } };
    assert.deepEqual(response.body, { text: '', problem: 'not stored' });
  });
});
