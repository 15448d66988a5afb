import assert from 'node:assert/strict';
import { tryLine } from '../../src/cli/try-line';
import { entry, requestOf } from '../support/replay';

const OPTIONS = {
  url: 'http://127.0.0.1:8080',
  reverse: false,
  certificate: '/home/me/ca.pem',
  headers: [],
  hasProxyExceptions: false,
  needsSession: false,
};

describe('tryLine', () => {
  const cases: [title: string, url: string, change: Partial<typeof OPTIONS>, line: string][] = [
    ['plain', 'http://shop.example/', {}, 'curl -i -x http://127.0.0.1:8080 http://shop.example/'],
    [
      'https',
      'https://shop.example/',
      {},
      'curl -i -x http://127.0.0.1:8080 --cacert /home/me/ca.pem https://shop.example/',
    ],
    ['reverse', 'https://shop.example/a?b=1&c', { reverse: true }, "curl -i 'http://127.0.0.1:8080/a?b=1&c'"],
    ['globs', 'http://a/?b[]={1}', {}, "curl -i -g -x http://127.0.0.1:8080 'http://a/?b[]={1}'"],
    [
      'SOCKS5',
      'http://shop.example/',
      { url: 'socks5://127.0.0.1:1080', needsSession: true },
      'curl -i -x socks5h://try:x@127.0.0.1:1080 http://shop.example/',
    ],
    [
      'NO_PROXY',
      'http://127.0.0.1:1/',
      { hasProxyExceptions: true },
      "curl -i -x http://127.0.0.1:8080 --noproxy '' http://127.0.0.1:1/",
    ],
  ];
  for (const [title, url, change, line] of cases) {
    it(`asks for the first answer: ${title}`, () => {
      assert.equal(tryLine([entry(url, 'x'), entry('http://other/', 'y')], { ...OPTIONS, ...change }), line);
    });
  }

  it('sends the headers that must match', () => {
    const request = requestOf('http://a/', { Accept: 'text/html; q=1', 'X-Empty': '' });
    const line = tryLine([entry(request, 'x')], { ...OPTIONS, headers: ['accept', 'x-empty', 'x-absent'] });
    assert.equal(
      line,
      "curl -i -H 'accept: text/html; q=1' -H 'x-empty;' -x http://127.0.0.1:8080 http://a/",
    );
  });

  it('keeps dots in the path, and decodes what is coded', () => {
    const request = requestOf('http://a/');
    request.path = '/a/../b';
    const answer = { headers: { 'content-encoding': 'gzip' } };
    const line = tryLine([entry(request, 'x', { answer })], OPTIONS);
    assert.equal(line, 'curl -i --compressed --path-as-is -x http://127.0.0.1:8080 http://a/a/../b');
  });

  it('passes over what a plain GET does not get', () => {
    const raw = requestOf('http://a/');
    raw.path = '/\xe9';
    const flows = [
      entry('POST http://a/', 'x'),
      entry(raw, 'x'),
      entry(requestOf('http://a/', {}, 'with a body'), 'x'),
      entry('http://a/304', '', { answer: { status: 304 } }),
      entry('http://a/206', 'x', { answer: { status: 206 } }),
      entry('http://a/ws', '', { webSocket: [] }),
      entry(requestOf('http://a/refused', { upgrade: 'websocket' }), 'no'),
      entry('http://a/cut', 'x', { incomplete: true }),
      entry('http://a/streamed', 'x', { unstored: { response: true } }),
      entry('http://a/failed', 'x', { error: 'refused' }),
    ];
    assert.equal(tryLine(flows, OPTIONS), undefined);
    assert.match(tryLine([...flows, entry('http://a/ok', 'x')], OPTIONS) ?? '', / http:\/\/a\/ok$/);
  });

  it('names the session that gets the answer, if one has to be named', () => {
    const of = (session: string) => entry('http://shop.example/', '', { session });
    const line = (flows: ReturnType<typeof of>[], change: Partial<typeof OPTIONS> = {}) =>
      tryLine(flows, { ...OPTIONS, ...change });
    assert.equal(line([of('a b')]), 'curl -i -x http://a%20b:x@127.0.0.1:8080 http://shop.example/');
    assert.equal(line([of('a'), of('')]), 'curl -i -x http://127.0.0.1:8080 http://shop.example/');
    assert.equal(
      line([of('')], { needsSession: true }),
      'curl -i -x http://try:x@127.0.0.1:8080 http://shop.example/',
    );
    assert.equal(line([of('a')], { reverse: true }), undefined);
  });
});
