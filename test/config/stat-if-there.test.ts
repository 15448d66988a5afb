import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { isSameFile, statIfThere } from '../../src/config/stat-if-there';

describe('statIfThere', () => {
  it('knows a file', () => assert.ok(statIfThere(__filename)?.isFile()));
  it('is undefined for nothing, and below a file', () => {
    assert.equal(statIfThere(`${__filename}.gone`), undefined);
    assert.equal(statIfThere(`${__filename}/index.ts`), undefined);
  });
});

describe('isSameFile', () => {
  it('knows a file by other names, there or not', () => {
    assert.equal(isSameFile(__filename, relative(process.cwd(), __filename)), true);
    assert.equal(isSameFile('gone.har', './x/../gone.har'), true);
    assert.equal(isSameFile('gone.har', __filename), false);
  });
});
