import assert from 'node:assert/strict';
import { chunkList, chunksOf } from '../../src/recording/chunk-list';

describe('chunk lists', () => {
  it('say each chunk by its gap and length, several alike once', () => {
    const chunks = { at: [3, 3, 10, 17, 24, 24], lengths: [5, 6, 7, 7, 7, 7] };
    assert.deepEqual(chunkList(chunks), [
      [3, 5],
      [0, 6],
      [7, 7, 3],
      [0, 7],
    ]);
    assert.deepEqual(chunksOf(JSON.parse(JSON.stringify(chunkList(chunks)))), chunks);
    assert.deepEqual(chunksOf([]), { at: [], lengths: [] });
  });

  it('take a clock that went back, and parts of milliseconds', () => {
    assert.deepEqual(chunkList({ at: [5.4, 2, 6], lengths: [1, 1, 1] }), [
      [5, 1],
      [0, 1],
      [1, 1],
    ]);
  });

  it('are undefined for what is none', () => {
    for (const list of [
      undefined,
      {},
      [1],
      [['a', 1]],
      [[1, -1]],
      [[1, 1.5]],
      [[1, 1, 1, 1]],
      [[0, 1, 1e9]],
      [[null, 1]],
    ])
      assert.equal(chunksOf(list), undefined, JSON.stringify(list));
  });
});
