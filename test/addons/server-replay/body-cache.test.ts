import assert from 'node:assert/strict';
import { Body } from 'replay-proxy';
import { BodyCache } from '../../../addons/server-replay/body-cache';

describe('the bodies that are kept', () => {
  const source = (size: number) => Body.from('x'.repeat(size));
  let made: number[];
  const make = (body: Body) => {
    made.push(body.length!);
    return Body.from(body.bytesSync().toString().toUpperCase());
  };
  beforeEach(() => (made = []));

  it('are made once for each body', () => {
    const cache = new BodyCache(100);
    const [one, other] = [source(3), source(3)];
    const first = cache.of(one, make);
    assert.equal(first.bytesSync().toString(), 'XXX');
    assert.equal(cache.of(one, make), first);
    assert.notEqual(cache.of(other, make), first);
    assert.deepEqual(made, [3, 3]);
  });

  it('are those that were asked for last', () => {
    const cache = new BodyCache(100);
    const bodies = [21, 22, 23, 24].map(source);
    for (const body of bodies) cache.of(body, make);
    cache.of(bodies[0]!, make);
    cache.of(source(25), make);
    made = [];
    for (const kept of [0, 2, 3]) cache.of(bodies[kept]!, make);
    assert.deepEqual(made, []);
    cache.of(bodies[1]!, make);
    assert.deepEqual(made, [22], 'the second was let go');
  });

  it('do not let one large body drive out all others', () => {
    const cache = new BodyCache(100);
    const [small, large] = [source(10), source(26)];
    cache.of(small, make);
    cache.of(large, make);
    cache.of(large, make);
    cache.of(small, make);
    assert.deepEqual(made, [10, 26, 26]);
  });

  it('are not kept when making them fails', () => {
    const cache = new BodyCache(100);
    const body = source(1);
    const failing = () => {
      throw new Error('gone');
    };
    assert.throws(() => cache.of(body, failing), /gone/);
    assert.equal(cache.of(body, make).length, 1);
  });
});
