import assert from 'node:assert/strict';
import { AsyncSeriesBailHook, AsyncSeriesWaterfallHook } from 'tapable';
import { guard } from '../../src/core/guard';

const text = { check: (value: unknown) => typeof value === 'string', wants: 'text' };
const number = { check: (value: unknown) => typeof value === 'number', wants: 'a number', bails: true };

function bail(timeout = 1_000) {
  return guard(
    'ask',
    new AsyncSeriesBailHook<[string], unknown, { timeout?: number }>(['x']),
    { timeout },
    number,
  );
}

describe('guard', () => {
  it('takes synchronous, async, promise and callback taps alike', async () => {
    const hook = bail();
    const order: string[] = [];
    hook.tap('sync', () => void order.push('sync'));
    hook.tap('async in plain tap', async () => void order.push('async'));
    hook.tapPromise('promise', async () => void order.push('promise'));
    hook.tapAsync('callback', (_, done) => {
      order.push('callback');
      done(null, 7);
    });
    hook.tap('skipped', () => 8);
    assert.equal(await hook.promise('x'), 7);
    assert.deepEqual(order, ['sync', 'async', 'promise', 'callback']);
  });

  it('reads undefined, null and false as "not me"', async () => {
    const hook = bail();
    hook.tap('a', () => undefined);
    hook.tap('b', () => null);
    hook.tap('c', async () => false);
    hook.tap('d', () => 4);
    assert.equal(await hook.promise('x'), 4);
  });

  it('names the addon and the hook of a throw, a rejection and a wrong result', async () => {
    for (const [fn, message] of [
      [
        () => {
          throw new Error('boom');
        },
        'addon A, hook ask: boom',
      ],
      [
        async () => {
          throw new Error('later');
        },
        'addon A, hook ask: later',
      ],
      [() => 'oops', 'addon A, hook ask: returned "oops" instead of a number'],
      [async () => ({}), 'addon A, hook ask: returned an object (Object) instead of a number'],
    ] as const) {
      const hook = bail();
      hook.tap('A', fn as () => unknown);
      await assert.rejects(hook.promise('x'), { message, code: 'ERR_ADDON' });
    }
  });

  it('settles when a tapPromise function throws at once behind another async tap', async () => {
    const hook = bail();
    hook.tapPromise('first', async () => undefined);
    hook.tapPromise('second', () => {
      throw new Error('at once');
    });
    await assert.rejects(hook.promise('x'), /addon second, hook ask: at once/);
  });

  it('counts a tap that does not settle as a throw, unless it may wait', async () => {
    const hook = bail(1);
    let finish = (_: number) => {};
    hook.tap({ name: 'Patient', timeout: Infinity }, () => new Promise((resolve) => (finish = resolve)));
    const patient = hook.promise('x');
    setTimeout(() => finish(5), 300);
    assert.equal(await patient, 5);
    const stuck = bail(1);
    stuck.tap('Stuck', () => new Promise(() => {}));
    await assert.rejects(stuck.promise('x'), /addon Stuck, hook ask: did not settle within 0.001 s/);
  });

  it('names the addon whose apply made the tap', async () => {
    const hook = guard('ask', new AsyncSeriesBailHook<[string], unknown>(['x']), {
      timeout: 1,
      addonNow: () => 'Mine',
    });
    hook.tap('label', () => {
      throw new Error('boom');
    });
    await assert.rejects(hook.promise('x'), /addon Mine, hook ask: boom/);
  });

  it('keeps stages and the order of taps', async () => {
    const hook = guard(
      'change',
      new AsyncSeriesWaterfallHook<[string], string>(['x']),
      { timeout: 1_000 },
      text,
    );
    const add = (name: string) => (text: string) => text + name;
    hook.tap({ name: 'last', stage: 100 }, add('l'));
    hook.tap('a', add('a'));
    hook.tap({ name: 'first', stage: -100 }, add('f'));
    hook.tap({ name: 'b', before: 'a' }, add('b'));
    hook.tapPromise('none', async () => undefined as never);
    assert.equal(await hook.promise(''), 'fbal');
  });

  it('tells of a result that is taken, whose it is, and of nothing else', async () => {
    const told: unknown[] = [];
    const taken = (value: unknown, addon: string, args: readonly unknown[]) =>
      told.push([value, addon, ...args]);
    const hook = guard(
      'ask',
      new AsyncSeriesBailHook<[string], unknown, { timeout?: number }>(['x']),
      { timeout: 1_000 },
      { ...number, taken },
    );
    hook.tap('nothing', () => null);
    hook.tap('later', async () => 4);
    await hook.promise('x');
    assert.deepEqual(told, [[4, 'later', 'x']]);
  });
});
