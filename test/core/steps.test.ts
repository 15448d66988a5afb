import assert from 'node:assert/strict';
import { here, type Steps, walk } from '../../src/core/steps';

describe('steps', () => {
  function* sum(...values: (number | Promise<number>)[]): Steps<number> {
    let total = 0;
    for (const value of values) total += yield* here(value);
    return total;
  }

  it('are gone through at once where nothing has to be waited for', () => {
    assert.equal(walk(sum(1, 2, 3)), 6);
    assert.equal(walk(sum()), 0);
  });

  it('wait for what is not here yet, in order', async () => {
    const walked = walk(sum(1, Promise.resolve(2), 3, Promise.resolve(4)));
    assert.ok(walked instanceof Promise);
    assert.equal(await walked, 10);
  });

  it('are broken off by what throws, unless they catch it', async () => {
    function* caught(value: Promise<number>): Steps<string> {
      try {
        return String(yield* sum(1, value));
      } catch (error) {
        return `caught ${(error as Error).message}`;
      } finally {
        yield* here(Promise.resolve());
      }
    }
    assert.equal(await walk(caught(Promise.reject(new Error('late')))), 'caught late');
    await assert.rejects(Promise.resolve(walk(sum(1, Promise.reject(new Error('late'))))), /late/);
    // eslint-disable-next-line require-yield -- it does not come to that
    function* early(): Steps<number> {
      throw new Error('early');
    }
    assert.throws(() => walk(early()), /early/);
    function* later(): Steps<number> {
      yield* here(Promise.resolve());
      throw new Error('later');
    }
    await assert.rejects(Promise.resolve(walk(later())), /later/);
  });
});
