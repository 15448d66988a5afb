import assert from 'node:assert/strict';
import { MemoryClaims } from '../../../addons/server-replay/claims';
import { entry } from '../../support/replay';

describe('MemoryClaims', () => {
  const one = entry('http://h/', '');

  it('gives an entry as often as the limit says, to each session', () => {
    const claims = new MemoryClaims();
    assert.deepEqual([claims.tryTake('', one, 1), claims.tryTake('', one, 1)], [true, false]);
    assert.deepEqual([claims.tryTake('ann', one, 1), claims.tryTake('', one, 2)], [true, true]);
    assert.deepEqual([claims.uses('', one), claims.uses('ann', one), claims.uses('bob', one)], [2, 1, 0]);
    assert.equal(claims.uses('', entry('http://h/', '')), 0);
  });

  it('takes back what did not arrive', () => {
    const claims = new MemoryClaims();
    claims.tryTake('', one, 1);
    claims.giveBack('', one);
    claims.giveBack('', one);
    assert.equal(claims.uses('', one), 0);
    assert.equal(claims.tryTake('', one, 1), true);
  });
});
