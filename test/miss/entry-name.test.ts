import assert from 'node:assert/strict';
import { entryName } from '../../src/miss/entry-name';
import { entry } from '../support/replay';

describe('entryName', () => {
  it('finds an entry again', () => {
    assert.deepEqual(entryName(entry('http://h/a', '', { number: 7 })), {
      source: 'shop.har',
      number: 7,
      method: 'GET',
      url: 'http://h/a',
    });
  });
});
