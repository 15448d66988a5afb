import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { Body, type HeaderPair } from 'replay-proxy';
import { recode } from '../../../addons/server-replay/recode';
import type { HttpResponseInit } from '../../../src/http/response';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';
const coded: HeaderPair[] = [
  ['Content-Encoding', 'gzip'],
  ['Content-Length', '25'],
  ['ETag', '"a"'],
  ['Vary', 'Accept-Encoding'],
];

function recoded(answer: HttpResponseInit, request = requestOf(URL)) {
  const recorded = entry(URL, '', { answer });
  const before = JSON.stringify([
    recorded.response!.headers,
    recorded.response!.body.bytesSync().toString('hex'),
  ]);
  const { response, note } = recode(recorded, request);
  response.headers.append('x-changed', 'yes');
  const after = JSON.stringify([
    recorded.response!.headers,
    recorded.response!.body.bytesSync().toString('hex'),
  ]);
  assert.equal(after, before, 'the recording is as it was');
  response.headers.delete('x-changed');
  return { headers: [...response.headers], body: response.body.bytesSync(), note, response };
}

const accepting = (coding: string) => requestOf(URL, { 'Accept-Encoding': coding });

describe('a response made of a recorded one', () => {
  it('is a copy, but for the framing of a connection that is gone', () => {
    const { headers, response } = recoded({
      status: 207,
      reason: 'Quite Fine',
      body: 'x',
      trailers: [['X-Sum', '1']],
      headers: [
        ['set-cookie', 'a=1'],
        ['Connection', 'keep-alive, X-Hop'],
        ['X-Hop', '1'],
        ['Keep-Alive', 'timeout=5'],
        ['Proxy-Connection', 'close'],
        ['TE', 'trailers'],
        ['Transfer-Encoding', 'chunked'],
        ['Upgrade', 'h2c'],
        ['Content-Length', '99'],
        ['Set-Cookie', 'b=2'],
      ],
    });
    assert.deepEqual(headers, [
      ['set-cookie', 'a=1'],
      ['Content-Length', '99'],
      ['Set-Cookie', 'b=2'],
    ]);
    assert.deepEqual([response.status, response.reason], [207, 'Quite Fine']);
    assert.deepEqual([...response.trailers], [['X-Sum', '1']]);
  });

  it('keeps its Content-Length, in whose place the connection puts the one that it sends', () => {
    const length: HeaderPair[] = [['Content-Length', '99']];
    assert.deepEqual(recoded({ headers: length }, requestOf(`HEAD ${URL}`)).headers, length);
    assert.deepEqual(recoded({ status: 304, headers: length }).headers, length);
  });

  for (const accept of ['gzip', 'GZIP;q=0.5, br', '*', 'x-gzip']) {
    it(`stays coded for a client that accepts ${accept}`, () => {
      const { headers, body } = recoded({ headers: coded, body: gzipSync('hello') }, accepting(accept));
      assert.deepEqual(headers, coded);
      assert.deepEqual(body, gzipSync('hello'));
    });
  }

  it('stays coded for a client that does not say', () => {
    assert.deepEqual(recoded({ headers: coded, body: gzipSync('hello') }).body, gzipSync('hello'));
  });

  for (const accept of ['', 'br', 'identity', 'gzip;q=0, *']) {
    it(`is decoded, its ETag made weak, for a client that accepts ${accept || 'none'}`, () => {
      const { headers, body } = recoded({ headers: coded, body: gzipSync('hello') }, accepting(accept));
      assert.deepEqual(headers, [['ETag', 'W/"a"'], coded[3]]);
      assert.equal(body.toString(), 'hello');
    });
  }

  it('without a body loses the coding and the length that a decoded one would not have', () => {
    const request = requestOf(`HEAD ${URL}`, { 'Accept-Encoding': 'identity' });
    assert.deepEqual(recoded({ headers: coded }, request).headers, [['ETag', 'W/"a"'], coded[3]]);
  });

  it('leaves a weak ETag and an uncoded body alone', () => {
    const weak: HeaderPair[] = [['etag', 'W/"a"']];
    const headers: HeaderPair[] = [...weak, ['content-encoding', 'gzip']];
    assert.deepEqual(recoded({ headers, body: gzipSync('x') }, accepting('br')).headers, weak);
    const strong: HeaderPair[] = [['etag', '"a"']];
    assert.deepEqual(recoded({ headers: strong, body: 'x' }, accepting('br')).headers, strong);
  });

  for (const [what, answer] of [
    ['a part of a coded body', { status: 206, headers: coded, body: gzipSync('hello') }],
    ['a body that is not what it says', { headers: coded, body: 'hello' }],
    [
      'a coding that is not known',
      { headers: [['Content-Encoding', 'x-own']] as HeaderPair[], body: 'hello' },
    ],
  ] as const) {
    it(`goes out as recorded, with a note: ${what}`, () => {
      const { body, note, headers } = recoded(answer, accepting('identity'));
      assert.deepEqual(body, Body.from(answer.body).bytesSync());
      assert.match(note ?? '', /cannot be decoded/);
      assert.deepEqual(headers[0], answer.headers[0]);
    });
  }

  it('has a small body of a file in memory at once, and leaves a large one where it is', () => {
    const kindOf = (length: number) => {
      const body = Body.file({ length, read: () => Buffer.alloc(length) });
      return recode(entry(URL, '', { answer: { body } }), requestOf(URL)).response.body.kind;
    };
    assert.deepEqual([kindOf(10), kindOf(2 * 1024 * 1024)], ['memory', 'file']);
  });

  it('decodes up to the limit, and sends more as it was recorded, saying so', () => {
    const plain = Buffer.alloc(1000, 'a');
    const recorded = entry(URL, '', { answer: { headers: coded, body: gzipSync(plain) } });
    const request = requestOf(URL, { 'accept-encoding': 'identity' });
    assert.ok(recode(recorded, request, { most: 1000 }).response.body.bytesSync().equals(plain));
    const refused = recode(recorded, request, { most: 999 });
    assert.match(refused.note ?? '', /larger than 999 bytes when decoded/);
    assert.equal(refused.response.headers.get('content-encoding'), 'gzip');
    const unread = entry(URL, '', {
      answer: { headers: coded, body: Body.file({ length: 2 ** 30, read: () => assert.fail('read whole') }) },
    });
    const { note } = recode(unread, request);
    assert.match(note ?? '', /more than 67108864 bytes, too many to decode \(limits\.decodedBody\)/);
  });
});
