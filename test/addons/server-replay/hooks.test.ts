import assert from 'node:assert/strict';
import { defaultMatch, defaultMatchMessage, type Flow, ServerReplay } from 'replay-proxy';
import type { Candidates } from '../../../addons/server-replay';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

function candidatesOf(...entries: Candidates['entries']): Candidates {
  return { entries, next: entries[0], reuse: 'never', uses: () => 0 };
}

describe('hooks of ServerReplay', () => {
  it('are the same for a proxy whoever asks, and others for another proxy', () => {
    const proxy = {};
    assert.equal(ServerReplay.hooks(proxy), ServerReplay.hooks(proxy));
    assert.notEqual(ServerReplay.hooks(proxy), ServerReplay.hooks({}));
  });

  it('ask the default for a match last', () => {
    const { match } = ServerReplay.hooks({});
    const [a, b] = [entry(URL, 'a'), entry(URL, 'b')];
    const candidates = candidatesOf(a, b);
    assert.equal(match.call({} as Flow, candidates), a);
    match.tap('Nothing', () => {});
    assert.equal(match.call({} as Flow, candidates), a);
    match.tap('Newest', (_flow, { entries }) => entries.at(-1));
    assert.equal(match.call({} as Flow, candidates), b);
    match.tap({ name: 'None', before: 'Newest' }, () => null);
    assert.equal(match.call({} as Flow, candidates), null);
  });

  it('let the default be wrapped', () => {
    const { match } = ServerReplay.hooks({});
    const seen: string[] = [];
    match.tap('Log', (flow, candidates) => {
      const choice = defaultMatch(flow, candidates);
      seen.push(choice ? choice.source : 'none');
      return choice;
    });
    match.call({} as Flow, candidatesOf(entry(URL, 'a')));
    match.call({} as Flow, candidatesOf());
    assert.deepEqual(seen, ['shop.har', 'none']);
  });

  for (const [what, tap, problem] of [
    [
      'a promise',
      async () => [],
      'returned a promise, but this hook is synchronous, instead of a list of facets',
    ],
    ['no list', () => 5, 'returned 5 instead of a list of facets'],
    ['null', () => null, 'returned null instead of a list of facets'],
    ['no pairs of text', () => [['a', 1]], 'instead of a list of facets'],
    ['a throw', () => assert.fail('oh no'), 'oh no'],
  ] as const) {
    it(`name the addon whose identify gives ${what}`, () => {
      const { identify } = ServerReplay.hooks({});
      identify.tap('Mine', tap as never);
      assert.throws(
        () => identify.call([], requestOf(URL)),
        (error: Error) =>
          error.message.startsWith('addon Mine, hook ServerReplay.identify: ') &&
          error.message.includes(problem),
      );
    });
  }

  it('compare messages by default where no addon says what is the same', () => {
    const { matchMessage } = ServerReplay.hooks({});
    const said = (text: string) => ({ from: 'client', opcode: 1, data: Buffer.from(text), time: 0 }) as const;
    const same = (a: string, b: string) =>
      matchMessage.call(said(a), said(b), {} as Flow, { ignore: ['body.id'] });
    assert.deepEqual([same('{"id":1}', '{"id":2}'), same('a', 'b')], [true, false]);
    matchMessage.tap('Mine', ({ data }, recorded, flow, comparison) =>
      data.toString() === 'wrapped' ? !defaultMatchMessage(said('a'), recorded, flow, comparison) : undefined,
    );
    assert.deepEqual([same('a', 'b'), same('wrapped', 'b'), same('wrapped', 'a')], [false, true, false]);
    matchMessage.tap({ name: 'Wrong', stage: -1 }, (async () => true) as never);
    assert.throws(() => same('a', 'a'), /addon Wrong, hook ServerReplay\.matchMessage: returned a promise/);
  });

  it('name the addon whose match gives a promise or no entry', () => {
    for (const wrong of [async () => null, () => 'a', () => false]) {
      const { match } = ServerReplay.hooks({});
      match.tap('Mine', wrong as never);
      assert.throws(
        () => match.call({} as Flow, candidatesOf()),
        /^AddonError: addon Mine, hook ServerReplay\.match: returned .* instead of one of the candidates, or null$/,
      );
    }
  });
});
