import assert from 'node:assert/strict';
import { statIfThere } from '../../src/config/stat-if-there';

describe('statIfThere', () => {
  it('knows a file', () => assert.ok(statIfThere(__filename)?.isFile()));
  it('is undefined for nothing, and below a file', () => {
    assert.equal(statIfThere(`${__filename}.gone`), undefined);
    assert.equal(statIfThere(`${__filename}/index.ts`), undefined);
  });
});
