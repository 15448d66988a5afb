import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { RecordingError } from '../../src/errors';
import { lockFile, realPathOf } from '../../src/recording/file-lock';
import { scratch } from './har-samples';

describe('lockFile', () => {
  const at = scratch();

  it('keeps others out until it is let go', () => {
    const unlock = lockFile(at('a'), 'shop.har');
    assert.equal(readFileSync(at('a.lock'), 'utf8'), `${process.pid}\n`);
    assert.throws(
      () => lockFile(at('a'), 'shop.har'),
      (error: Error) =>
        error instanceof RecordingError &&
        error.message.includes(`shop.har is being written by process ${process.pid}`),
    );
    unlock();
    assert.equal(existsSync(at('a.lock')), false);
    lockFile(at('a'))();
  });

  it('takes over from a process that is gone, or did not live to write its id', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const left of [`${pid}\n`, '', 'x', '-1']) {
      writeFileSync(at('b.lock'), left);
      lockFile(at('b'))();
    }
  });

  it('says when the folder cannot be written', () => {
    assert.throws(
      () => lockFile(at('none/c')),
      /none\/c cannot be written: its folder does not exist; make it first$/,
    );
  });
});

describe('realPathOf', () => {
  const at = scratch();

  it('is the same for every name of a file, there or not', () => {
    writeFileSync(at('file'), '');
    symlinkSync(at('file'), at('link'));
    assert.equal(realPathOf(at('link')), realPathOf(at('file')));
    assert.equal(realPathOf(at('new')), realPathOf(`${at('.')}/new`));
  });
});
