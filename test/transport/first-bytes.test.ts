import assert from 'node:assert/strict';
import { once } from 'node:events';
import { listenFor, speechOf } from '../../src/transport/first-bytes';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('speechOf', () => {
  for (const [bytes, speech] of [
    ['\x16', 'tls'],
    ['GET / HTTP/1.1', 'http'],
    ['M-SEARCH * H', 'http'],
    ['', undefined],
    ['G', undefined],
    ['GET', undefined],
    ['GETX', undefined],
    ['GETX / HTTP/1.1\r\n', 'unknown method'],
    ['GETX me', 'other'],
    ['SSH-2.0-x', 'other'],
    ['NICK me', 'other'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n and more', 'http2'],
    ['PRI * HTTP/2.0\r\n\r\nSM', undefined],
    ['PRI * HTTP/1.1\r\n\r\nSM', 'other'],
    ['PR', undefined],
    ['get /', 'other'],
    ['\x00', 'other'],
  ] as const) {
    it(`takes ${JSON.stringify(bytes)} for ${speech ?? 'not yet anything'}`, () => {
      assert.equal(speechOf(Buffer.from(bytes, 'latin1')), speech);
    });
  }
});

describe('listenFor', () => {
  afterEach(closeSocketPairs);

  it('waits for as many bytes as tell, and leaves them to be read', async () => {
    const { ours, theirs } = await socketPair();
    const heard = listenFor(ours, 5_000);
    theirs.write('PO');
    await once(ours, 'readable');
    theirs.write('ST / HTTP/1.1');
    assert.equal(await heard, 'http');
    const [bytes] = (await once(ours, 'data')) as [Buffer];
    assert.equal(String(bytes), 'POST / HTTP/1.1');
  });

  it('says when nothing came that tells, and when the client left', async () => {
    const silent = await socketPair();
    assert.equal(await listenFor(silent.ours, 10), 'silence');
    silent.theirs.write('GE');
    assert.equal(await listenFor(silent.ours, 10), 'silence');
    const left = await socketPair();
    left.theirs.end('GE');
    assert.equal(await listenFor(left.ours, 5_000), undefined);
  });
});
