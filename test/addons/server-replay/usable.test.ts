import assert from 'node:assert/strict';
import { HttpResponse } from 'replay-proxy';
import { describeUnusable, whyUnusable } from '../../../addons/server-replay/usable';
import { entry, requestOf } from '../../support/replay';
import { messagesOf, webSocketEntry } from '../../support/web-socket-client';

const URL = 'http://shop.example/';

describe('entries that cannot answer', () => {
  const kinds = {
    'without a response': [
      { ...entry(URL, ''), response: undefined } as never,
      entry(URL, '', { answer: { status: 0 } }),
      { ...webSocketEntry([]), response: undefined } as never,
    ],
    'with only an interim response': [entry(URL, '', { answer: { status: 103 } })],
    'killed or failed': [entry(URL, '', { error: 'Connection killed.' })],
    'cut short': [entry(URL, '', { incomplete: true })],
    'without a stored body': [
      entry(URL, '', { unstored: { response: true } }),
      webSocketEntry([], { unstored: { response: true } }),
    ],
    'other protocol': [entry(URL, '', { answer: { status: 101 } })],
    tunnel: [
      entry(requestOf('CONNECT http://shop.example:443/'), ''),
      entry(requestOf('CONNECT http://shop.example:443/'), '', { webSocket: [] }),
    ],
  };

  for (const [why, flows] of Object.entries(kinds)) {
    it(`are: ${why}`, () =>
      assert.deepEqual(
        flows.map(whyUnusable),
        flows.map(() => why),
      ));
  }

  it('are not WebSockets, even if they broke off, or only their messages are known', () => {
    const messages = messagesOf('> a');
    const bare = { ...webSocketEntry(messages), response: undefined } as never;
    const overHttp2 = webSocketEntry(messages, { response: new HttpResponse({ status: 200 }) });
    const broken = webSocketEntry([], { error: 'reset', incomplete: true });
    assert.deepEqual([webSocketEntry([]), bare, broken, overHttp2].map(whyUnusable), [
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  it('are not those whose request body was not stored', () => {
    assert.equal(whyUnusable(entry(URL, '', { unstored: { request: true } })), undefined);
    assert.equal(whyUnusable(entry(URL, '', { answer: new HttpResponse({ status: 204 }) })), undefined);
  });

  it('are counted and named in one line', () => {
    const cut = (number: number) => entry(URL, '', { number, incomplete: true });
    const flows = [entry(URL, ''), cut(2), cut(3), entry(URL, '', { number: 4, answer: { status: 101 } })];
    assert.equal(
      describeUnusable('shop.har', flows),
      'recording shop.har: 3 of 4 entries cannot answer: 2 cut short (#2 #3), 1 other protocol (#4)',
    );
    assert.equal(
      describeUnusable('x.har', [1, 2, 3, 4, 5, 6, 7].map(cut)),
      'recording x.har: 7 of 7 entries cannot answer: 7 cut short (#1 #2 #3 #4 #5 …)',
    );
    assert.equal(describeUnusable('x.har', [entry(URL, '')]), undefined);
  });

  it('are told from those that only answer when bodies are ignored', () => {
    const bodiless = (number: number, redacted: string[] = []) =>
      entry(URL, '', { number, unstored: { request: true }, redacted });
    const cut = entry(URL, '', { number: 4, incomplete: true, unstored: { request: true } });
    assert.equal(
      describeUnusable('x.har', [bodiless(1), bodiless(2), bodiless(3, ['body']), cut]),
      'recording x.har: 1 of 4 entries cannot answer: 1 cut short (#4); ' +
        '2 entries match only with --ignore body: their request bodies were not stored (#1 #2)',
    );
    assert.equal(
      describeUnusable('x.har', [bodiless(7)]),
      'recording x.har: 1 entry matches only with --ignore body: its request body was not stored (#7)',
    );
  });
});
