import assert from 'node:assert/strict';
import { FINDING_KINDS } from '../../src/lint/finding';

describe('FINDING_KINDS', () => {
  it('are one word each, since programs read them', () => {
    for (const kind of FINDING_KINDS) assert.match(kind, /^[a-z]+$/);
  });
});
