import assert from 'node:assert/strict';
import { cannotWrite } from '../../src/recording/cannot-write';

describe('cannotWrite', () => {
  it('says what to do, or at least what the file system says', () => {
    const error = (code: string) => Object.assign(new Error(`${code}: raw`), { code });
    assert.equal(
      cannotWrite('a/b.har', error('ENOENT')).message,
      'recording a/b.har cannot be written: its folder does not exist; make it first',
    );
    assert.equal(
      cannotWrite('b.har', error('ENOSPC')).message,
      'recording b.har cannot be written: the disk is full; make room',
    );
    assert.equal(cannotWrite('b.har', error('EIO')).message, 'recording b.har cannot be written: EIO: raw');
  });
});
