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
    const [asked, unasked] = [source(20), source(21)];
    cache.of(unasked, make);
    for (let size = 10; size < 20; size += 1) {
      cache.of(asked, make);
      cache.of(source(size), make);
    }
    made = [];
    cache.of(asked, make);
    assert.deepEqual(made, []);
    cache.of(unasked, make);
    assert.deepEqual(made, [21]);
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
