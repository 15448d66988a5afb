import assert from 'node:assert/strict';
import { nameOf } from '../../../../addons/server-replay/miss/entry-name';
import { entry } from '../../../support/replay';

describe('nameOf', () => {
  it('finds an entry again', () => {
    assert.deepEqual(nameOf(entry('http://h/a', '', { number: 7 })), {
      source: 'shop.har',
      number: 7,
      method: 'GET',
      url: 'http://h/a',
    });
  });
});
