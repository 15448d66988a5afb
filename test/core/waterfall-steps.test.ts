import assert from 'node:assert/strict';
import { SyncWaterfallHook } from 'tapable';
import { waterfallSteps } from '../../src/core/waterfall-steps';

describe('waterfallSteps', () => {
  it('tells what each tap made of the value, those that keep it included', () => {
    const hook = new SyncWaterfallHook<[number, number], number | void>(['value', 'by']);
    hook.tap('Add', (value, by) => value + by);
    hook.tap('Keep', () => {});
    assert.deepEqual(waterfallSteps(hook, 1, [5]), [
      { by: 'Add', before: 1, after: 6 },
      { by: 'Keep', before: 6, after: 6 },
    ]);
    assert.equal(hook.call(1, 5), 6);
  });

  it('shows a change in place when it may copy', () => {
    const hook = new SyncWaterfallHook<[number[]], number[] | void>(['list']);
    hook.tap('Push', (list) => void list.push(2));
    const [step] = waterfallSteps(hook, [1], [], (list) => [...list]);
    assert.deepEqual(step, { by: 'Push', before: [1], after: [1, 2] });
  });
});
