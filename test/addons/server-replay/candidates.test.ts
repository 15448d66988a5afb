import assert from 'node:assert/strict';
import type { Flow, HttpRequest, RecordedFlow } from 'replay-proxy';
import { defaultMatch, Offer, whyNot } from '../../../addons/server-replay/candidates';
import type { Reuse } from '../../../addons/server-replay/reuse';
import { entry, requestOf } from '../../support/replay';
import { HANDSHAKE, webSocketEntry } from '../../support/web-socket-client';

const URL = 'http://shop.example/';
const flow = {} as Flow;

function offerOf(matching: readonly RecordedFlow[], reuse: Reuse, used: readonly RecordedFlow[] = []) {
  const uses = (one: RecordedFlow) => used.filter((other) => other === one).length;
  return new Offer(matching, requestOf(URL), reuse, uses, 0);
}

const [a, b, c] = [entry(URL, 'a'), entry(URL, 'b'), entry(URL, 'c')] as const;

describe('candidates', () => {
  it('are those that are not used, in recorded order; the first is next', () => {
    const offer = offerOf([a, b, c], 'never', [b]);
    assert.deepEqual(offer.entries, [a, c]);
    assert.equal(defaultMatch(flow, offer), a);
    assert.deepEqual([offer.has(a), offer.has(b), offer.has(entry(URL, 'd'))], [true, false, false]);
    assert.equal(defaultMatch(flow, offerOf([a], 'never', [a])), null);
  });

  it('are all of them where entries may be used again', () => {
    for (const reuse of ['first', 'last', 'hold', 'cycle'] as const) {
      const offer = offerOf([a, b], reuse, [a, a]);
      assert.deepEqual(offer.entries, [a, b]);
      assert.equal(offer.uses(a), 2);
    }
  });

  it('are no longer those that another request got first', () => {
    const offer = offerOf([a, b], 'never');
    offer.refuse(a);
    assert.deepEqual(offer.entries, [b]);
    assert.equal(offer.next, b);
  });
});

describe('an entry that matches', () => {
  const answers = (status: number, recorded: HttpRequest, request: HttpRequest) =>
    whyNot(entry(recorded, '', { answer: { status } }), request);
  const range = (value?: string) => requestOf(URL, value === undefined ? {} : { Range: value });

  it('of status 304 answers conditional requests only', () => {
    const plain = requestOf(URL);
    const recorded = requestOf(URL, { 'if-none-match': '"a"' });
    assert.match(answers(304, recorded, plain) ?? '', /304 answers conditional requests only/);
    assert.equal(answers(304, recorded, requestOf(URL, { 'If-None-Match': '"b"' })), undefined);
    assert.equal(answers(304, recorded, requestOf(URL, { 'If-Modified-Since': 'x' })), undefined);
    assert.equal(answers(200, plain, recorded), undefined);
  });

  it('of status 206 answers requests for the same Range only', () => {
    assert.equal(answers(206, range('bytes=0-9'), range('bytes=0-9')), undefined);
    assert.match(answers(206, range('bytes=0-9'), range('bytes=10-')) ?? '', /same Range only/);
    assert.match(answers(206, range('bytes=0-9'), range()) ?? '', /same Range only/);
    assert.equal(answers(200, range(), range('bytes=0-9')), undefined);
  });

  it('of a WebSocket answers handshakes only, and these get nothing else', () => {
    const plain = requestOf(URL);
    const handshake = requestOf(URL, HANDSHAKE);
    assert.equal(whyNot(webSocketEntry([]), handshake), undefined);
    assert.match(whyNot(webSocketEntry([]), plain) ?? '', /answers WebSocket handshakes only/);
    assert.equal(whyNot(entry(URL, '', { webSocket: [] }), handshake), undefined, 'without its headers');
    assert.match(whyNot(entry(plain, ''), handshake) ?? '', /gets a recorded WebSocket only/);
    assert.equal(answers(403, handshake, handshake), undefined, 'refused when it was recorded');
    assert.match(answers(403, handshake, plain) ?? '', /handshakes only/);
  });
});
