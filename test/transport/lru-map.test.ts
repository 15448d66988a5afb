import assert from 'node:assert/strict';
import { LruMap } from '../../src/transport/lru-map';

describe('LruMap', () => {
  it('lets go of the entry that was not asked for the longest', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    assert.equal(map.get('a'), 1);
    map.set('c', 3);
    assert.equal(map.get('b'), undefined);
    assert.deepEqual([map.get('a'), map.get('c'), map.size], [1, 3, 2]);
  });

  it('replaces a value without losing another', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    assert.deepEqual([map.get('a'), map.get('b'), map.size], [3, 2, 2]);
  });

  it('never holds more than its limit', () => {
    const map = new LruMap<number, number>(10);
    for (let i = 0; i < 100; i++) map.set(i, i);
    assert.equal(map.size, 10);
    assert.equal(map.get(89), undefined);
    assert.equal(map.get(90), 90);
  });
});
