import assert from 'node:assert/strict';
import { deadline } from '../../src/core/deadline';

describe('deadline', () => {
  it('calls once when the time has passed, and never when cancelled', async () => {
    const passed: string[] = [];
    const first = new Promise<void>((resolve) => deadline(1, () => (passed.push('first'), resolve())));
    const cancel = deadline(1, () => passed.push('cancelled'));
    cancel();
    deadline(Infinity, () => passed.push('never'));
    await first;
    await new Promise<void>((resolve) => deadline(1, resolve));
    assert.deepEqual(passed, ['first']);
  });
});
