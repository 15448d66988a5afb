import assert from 'node:assert/strict';
import { speechOf } from '../../src/transport/first-bytes';

describe('speechOf', () => {
  for (const [bytes, speech] of [
    ['\x16', 'tls'],
    ['GET / HTTP/1.1', 'http'],
    ['M-SEARCH * H', 'http'],
    ['', undefined],
    ['G', undefined],
    ['GET', undefined],
    ['GETX', 'other'],
    ['SSH-2.0-x', 'other'],
    ['NICK me', 'other'],
    ['PRI * HTTP/2.0', 'other'],
    ['get /', 'other'],
    ['\x00', 'other'],
  ] as const) {
    it(`takes ${JSON.stringify(bytes)} for ${speech ?? 'not yet anything'}`, () => {
      assert.equal(speechOf(Buffer.from(bytes, 'latin1')), speech);
    });
  }
});
