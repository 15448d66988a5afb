import assert from 'node:assert/strict';
import { type Claims, MemoryClaims } from '../../../addons/server-replay/claims';
import { Consumption } from '../../../addons/server-replay/consumption';
import { entry } from '../../support/replay';

describe('Consumption', () => {
  const [one, two] = [entry('http://h/', ''), entry('http://h/', '')] as const;
  const list = [one, two];

  it('is counted for each session, and lasts', async () => {
    let now = 1000;
    const consumption = new Consumption(undefined, () => now);
    assert.equal(await consumption.tryTake('ann', one, 'never'), true);
    now = 2000;
    assert.equal(await consumption.tryTake('ann', one, 'never'), false);
    assert.equal(await consumption.tryTake('bob', one, 'never'), true);
    assert.deepEqual([consumption.uses('ann', one), consumption.uses('', one)], [1, 0]);
    assert.deepEqual([consumption.lastUse('ann', one), consumption.lastUse('bob', one)], [1000, 2000]);
    assert.deepEqual([consumption.isUsed(one), consumption.isUsed(two)], [true, false]);
    assert.deepEqual([consumption.spent('ann', [one, two]), consumption.spent('', [one, two])], [1, 0]);
  });

  it('is known to be taken back also by who asked while it was', async () => {
    let settle = () => {};
    const claims = new MemoryClaims();
    const slow: Claims = {
      tryTake: (...args) => claims.tryTake(...args),
      uses: (...args) => claims.uses(...args),
      giveBack: async (...args) => {
        await new Promise<void>((resolve) => (settle = resolve));
        claims.giveBack(...args);
      },
    };
    const consumption = new Consumption(slow);
    await consumption.tryTake('', one, 'never');
    const back = consumption.giveBack('', one);
    assert.equal(consumption.spent('', list), 1);
    settle();
    await back;
    assert.equal(consumption.spent('', list), 0);
  });

  it('can be taken back', async () => {
    const consumption = new Consumption();
    await consumption.tryTake('', one, 'never');
    await consumption.giveBack('', one);
    assert.equal(consumption.isUsed(one), false);
    assert.equal(consumption.lastUse('', one), undefined);
    assert.equal(await consumption.tryTake('', one, 'never'), true);
  });
});
