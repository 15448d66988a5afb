import assert from 'node:assert/strict';
import { SyncWaterfallHook } from 'tapable';
import { guardSync } from '../../src/core/guard-sync';

function hook() {
  const expected = { check: (value: unknown) => typeof value === 'string', wants: 'a string' };
  return guardSync('Addon.words', new SyncWaterfallHook<[string], unknown>(['text']), expected);
}

describe('guardSync', () => {
  it('passes values on, and keeps them where a tap returns nothing', () => {
    const words = hook();
    words.tap('a', (text) => `${text}a`);
    words.tap('nothing', () => undefined);
    words.tap('b', (text) => `${text}b`);
    assert.equal(words.call(''), 'ab');
  });

  it('names the tap that throws, returns a promise or something of another kind', () => {
    for (const [fn, message] of [
      [
        () => {
          throw new Error('boom');
        },
        'addon A, hook Addon.words: boom',
      ],
      [
        async () => 'x',
        'addon A, hook Addon.words: returned a promise, but this hook is synchronous, instead of a string',
      ],
      [() => 5, 'addon A, hook Addon.words: returned 5 instead of a string'],
    ] as const) {
      const words = hook();
      words.tap('A', fn as () => unknown);
      assert.throws(() => words.call('x'), { message, code: 'ERR_ADDON' });
    }
  });
});
