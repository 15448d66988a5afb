import assert from 'node:assert/strict';
import { Warnings } from '../../src/recording/warnings';

describe('Warnings', () => {
  it('lists what was said, and counts what would be too much', () => {
    const warnings = new Warnings();
    assert.deepEqual(warnings.list('x.har'), []);
    for (let i = 0; i < 60; i++) warnings.add(`line ${i}`);
    const list = warnings.list('x.har');
    assert.equal(list.length, 51);
    assert.equal(list.at(-1), 'recording x.har: 10 more such lines left out');
  });
});
