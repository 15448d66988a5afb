import assert from 'node:assert/strict';
import { type Flow, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import { defaultMatch, Offer, whyNot } from '../../../addons/server-replay/candidates';
import type { Reuse } from '../../../addons/server-replay/reuse';
import { entry, requestOf } from '../../support/replay';

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

describe('a miss of matching entries', () => {
  const at = (number: number, status = 200) => entry(URL, '', { number, answer: { status } });
  const why = (matching: readonly RecordedFlow[], used: readonly RecordedFlow[] = [], spent = 0) => {
    const uses = (one: RecordedFlow) => Number(used.includes(one));
    return new Offer(matching, requestOf(URL), 'never', uses, spent).whyNone();
  };
  const [one, two, unchanged] = [at(1), at(2), at(3, 304)] as const;

  it('says what each was, whether known to be used or not', () => {
    assert.equal(why([]), undefined);
    assert.equal(
      why([unchanged]),
      'matches entry 3 of shop.har, but a recorded 304 answers conditional requests only',
    );
    assert.equal(why([two], [two]), 'matches entry 2 of shop.har, but it is used');
    for (const spent of [0, 1, 2]) {
      assert.equal(why([one, two], [one, two], spent), 'all 2 matching entries are used');
    }
    assert.equal(
      why([one, two, unchanged], [one, two], 1),
      'matches 3 entries, but 2 of them are used, and a recorded 304 answers conditional requests only',
    );
    assert.equal(
      why([unchanged, at(4, 304)]),
      'matches 2 entries, but a recorded 304 answers conditional requests only',
    );
  });

  it('counts those that another request got first as used', () => {
    const offer = offerOf([a, b], 'first');
    offer.refuse(a);
    offer.refuse(b);
    assert.equal(offer.whyNone(), 'all 2 matching entries are used');
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
});
