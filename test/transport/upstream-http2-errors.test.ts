import assert from 'node:assert/strict';
import { UpstreamError } from '../../src/errors';
import { http2Error, type Http2Ending } from '../../src/transport/upstream-http2-errors';

const ending = (init: Partial<Http2Ending>): Http2Ending => ({
  where: 'a:1',
  limits: { headerBlock: 64, upstreamResponse: 1000 },
  progress: { begun: false, received: 0, expected: undefined },
  rstCode: 0,
  isGone: false,
  ...init,
});

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('http2Error', () => {
  const begun = { begun: true, received: 5, expected: 9 };
  for (const [cause, init, sentence] of [
    [undefined, {}, 'a:1 ended the stream (NO_ERROR) before it sent a response'],
    [undefined, { rstCode: 8, progress: begun }, 'a:1 ended the stream (CANCEL) after 5 of 9 bytes'],
    [undefined, { rstCode: 7 }, 'a:1 refused the request, and did nothing with it (REFUSED_STREAM)'],
    [undefined, { isGone: true }, 'a:1 closed the connection before it sent a response'],
    [
      coded('ERR_HTTP2_STREAM_ERROR'),
      { rstCode: 2 },
      'a:1 reset the stream (INTERNAL_ERROR) before it sent a response',
    ],
    [undefined, { rstCode: 99 }, 'a:1 reset the stream (99) before it sent a response'],
    [coded('ERR_HTTP2_ERROR', 'Protocol error'), {}, 'a:1 sent what is no HTTP/2: Protocol error'],
    [
      coded('ERR_HTTP2_SESSION_ERROR'),
      { rstCode: 11 },
      'a:1 ended the connection with an error (ENHANCE_YOUR_CALM) before it sent a response',
    ],
    [coded('ECONNRESET'), { isGone: true }, 'a:1 reset the connection before it sent a response'],
  ] as const) {
    it(`says: ${sentence}`, () => {
      const error = http2Error(cause, ending(init));
      assert.deepEqual([error.message, error.code], [sentence, 'ERR_UPSTREAM']);
    });
  }

  it('leaves an error that has its sentence as it is', () => {
    const error = new UpstreamError('so it is', { status: 504 });
    assert.equal(http2Error(error, ending({})), error);
  });
});
