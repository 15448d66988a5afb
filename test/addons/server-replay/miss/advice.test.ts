import assert from 'node:assert/strict';
import { onlySome, otherSession, UNUSABLE } from '../../../../addons/server-replay/miss/advice';
import { whyUnusable } from '../../../../addons/server-replay/usable';
import { entry, requestOf } from '../../../support/replay';
import { webSocketEntry } from '../../../support/web-socket-client';

describe('advice', () => {
  it('is there for all that keeps an entry from answering', () => {
    const { why } = UNUSABLE[whyUnusable(entry('http://h/', '', { unstored: { response: true } }))!];
    assert.equal(why, 'its body was not stored');
    for (const { why, advice } of Object.values(UNUSABLE)) assert.match(`${why} ${advice}`, /^it\w* .* \w+/);
  });

  it('names the session to ask in, and what a 304 or a 206 needs', () => {
    assert.match(otherSession(entry('http://h/', '', { session: 'a' })).why, /session a$/);
    const plain = requestOf('http://h/');
    const at = (status: number) =>
      onlySome(entry('http://h/', '', { answer: { status } }), plain, 'why').advice;
    assert.match(at(304), /condition/);
    assert.match(at(206), /Range/);
    const webSocket = webSocketEntry([]);
    assert.match(onlySome(webSocket, plain, 'why').advice, /^ask for a WebSocket/);
    assert.match(onlySome(entry(plain, ''), webSocket.request, 'why').advice, /^record the WebSocket/);
  });
});
