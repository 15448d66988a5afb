import assert from 'node:assert/strict';
import type { UpstreamConnection } from '../../src/transport/upstream-connection';
import { UpstreamPool } from '../../src/transport/upstream-pool';

class Fake {
  isOpen = true;
  closed = 0;
  async close(): Promise<void> {
    this.closed += 1;
  }
}

describe('UpstreamPool', () => {
  let pool: UpstreamPool;
  const add = (origin: string | undefined) => {
    const fake = new Fake();
    // The pool needs no more of a connection than this.
    const connection = fake as unknown as UpstreamConnection & Fake;
    pool.add(connection, origin);
    return connection;
  };
  beforeEach(() => (pool = new UpstreamPool()));

  it('hands out free connections of the same origin only, the last one used first', () => {
    const [first, second, busy, other] = [add('http://a'), add('http://a'), add('http://a'), add('http://b')];
    pool.free(first);
    pool.free(second);
    pool.free(other);
    assert.deepEqual(
      [pool.take('http://a'), pool.take('http://a'), pool.take('http://a')],
      [second, first, undefined],
    );
    assert.ok(busy.isOpen);
  });

  it('closes one that nobody else is to use as soon as it is free', () => {
    const [alone, kept] = [add(undefined), add('http://a')];
    pool.free(alone);
    pool.free(kept);
    assert.deepEqual([alone.closed, kept.closed], [1, 0]);
  });

  it('passes over a connection that is closed, and forgets one that is gone', () => {
    const [closed, gone] = [add('http://a'), add('http://a')];
    pool.free(closed);
    pool.free(gone);
    closed.isOpen = false;
    pool.gone(gone);
    pool.free(gone);
    assert.equal(pool.take('http://a'), undefined);
  });

  it('closes what is in use and what is free, once', async () => {
    const [used, free, gone] = [add('http://a'), add('http://a'), add('http://b')];
    pool.free(free);
    pool.gone(gone);
    await pool.close();
    assert.deepEqual([used.closed, free.closed, gone.closed], [1, 1, 0]);
  });
});
