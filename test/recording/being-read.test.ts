import assert from 'node:assert/strict';
import { closeSync, linkSync, openSync, statSync, writeFileSync } from 'node:fs';
import { isBeingRead, noteReader } from '../../src/recording/being-read';
import { scratch } from './har-samples';

describe('noteReader', () => {
  const at = scratch();

  it('holds for every name of the file, until its last reader is done', () => {
    writeFileSync(at('a'), '');
    linkSync(at('a'), at('b'));
    writeFileSync(at('other'), '');
    const fd = openSync(at('a'), 'r');
    const done = [noteReader(fd), noteReader(fd)];
    for (const release of done) {
      assert.equal(isBeingRead(statSync(at('b'))), true);
      assert.equal(isBeingRead(statSync(at('other'))), false);
      release();
    }
    assert.equal(isBeingRead(statSync(at('b'))), false);
    closeSync(fd);
  });
});
