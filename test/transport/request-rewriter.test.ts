import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { RequestRewriter } from '../../src/transport/request-rewriter';
import { outgoingRequest } from '../../src/transport/upstream-request';

async function* none(): AsyncGenerator<Buffer> {}

const HEAD = 'PUT / HTTP/1.1\r\nhost: upstream\r\nconnection: keep-alive\r\n';
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n`;
const ours = (end: string) => `PUT /a HTTP/1.1\r\nHost: a\r\n${end}`;

/** What goes out of a request instead of what undici writes, with its head ahead of that if `early`. */
function rewrite(init: Partial<HttpRequestInit>, written: string[], early = false): string {
  const rewriter = new RequestRewriter(
    outgoingRequest(
      new HttpRequest({
        ...{ scheme: 'http', host: 'a', port: 80, path: '/a', method: 'PUT', body: Body.stream(none()) },
        ...init,
      }),
    ),
  );
  const ahead = early ? rewriter.early() : '';
  assert.equal(rewriter.headSent, early);
  const rest = written.map((text) =>
    rewriter.rewrite(text.startsWith('=') ? Buffer.from(text.slice(1)) : text),
  );
  assert.equal(rewriter.headSent, true);
  return ahead + rest.map(String).join('');
}

describe('RequestRewriter', () => {
  const chunks = ['\r\n2\r\n', '=ab', '\r\n0\r\n\r\n'];

  it('puts our head in the place of undici’s, and leaves the content as it is', () => {
    assert.equal(
      rewrite({}, [CHUNKED, ...chunks]),
      ours('Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n'),
    );
    assert.equal(
      rewrite({}, [`${HEAD}content-length: 2\r\n\r\n`, '=ab']),
      ours('Content-Length: 2\r\n\r\nab'),
    );
  });

  it('adds the trailers to the last chunk, and makes one for content of nothing', () => {
    const trailers = { 'X-Sum': '7', 'Content-Length': '9' };
    const expected = (content: string) =>
      ours(`Transfer-Encoding: chunked\r\n\r\n${content}0\r\nX-Sum: 7\r\n\r\n`);
    assert.equal(rewrite({ trailers }, [CHUNKED, ...chunks]), expected('2\r\nab\r\n'));
    assert.equal(rewrite({ trailers }, [`${HEAD}content-length: 0\r\n\r\n`]), expected(''));
  });

  it('writes a head that went ahead only once', () => {
    const chunked = 'Transfer-Encoding: chunked\r\n\r\n';
    assert.equal(rewrite({}, [CHUNKED, ...chunks], true), ours(`${chunked}2\r\nab\r\n0\r\n\r\n`));
    assert.equal(rewrite({}, [`${HEAD}content-length: 0\r\n\r\n`], true), ours(`${chunked}0\r\n\r\n`));
    const headers = { Host: 'a', 'Content-Length': '2' };
    assert.equal(
      rewrite({ headers }, [`${HEAD}content-length: 2\r\n\r\n`, '=ab'], true),
      ours('Content-Length: 2\r\n\r\nab'),
    );
  });

  it('trusts nothing but a head to begin with', () => {
    assert.throws(() => rewrite({}, ['=ab']), /undici has begun a request without a head/);
  });
});
