import assert from 'node:assert/strict';
import { isAddonInput } from '../../src/config/addon-input';

describe('isAddonInput', () => {
  const addon = { name: 'Mine', apply: () => {} };

  it('takes a file name, a function, an addon and lists of the last two', () => {
    for (const input of ['mine.ts', () => {}, addon, [addon, [() => {}]]]) assert.ok(isAddonInput(input));
  });

  it('takes nothing else', () => {
    for (const input of ['', null, 1, {}, ['mine.ts'], [addon, 1]]) assert.ok(!isAddonInput(input));
  });
});
