import assert from 'node:assert/strict';
import { notAppended, WriteFailure, writing } from '../../src/recording/write-failure';

describe('notAppended', () => {
  it('tells a file that cannot be written from a flow that cannot', () => {
    const full = Object.assign(new Error('ENOSPC: raw'), { code: 'ENOSPC' });
    const failed = notAppended('shop.har', new WriteFailure(full));
    assert.equal(failed.code, 'ERR_RECORDING');
    assert.equal(
      failed.message,
      'recording shop.har: a flow could not be written (no space left); the file ends with the flow before; make room',
    );
    assert.match(
      notAppended('a.har', new WriteFailure(new Error('EIO'))).message,
      /written \(EIO\); the file/,
    );
    const bad = notAppended('shop.har', new TypeError('no headers'));
    assert.equal(bad.code, 'ERR_RECORDING_FLOW');
    assert.equal(
      bad.message,
      'recording shop.har: this flow cannot be recorded (no headers); it is left out, others are not',
    );
  });
});

describe('writing', () => {
  it('gives what is given and marks what is thrown', () => {
    assert.equal(
      writing(() => 1),
      1,
    );
    const cause = new Error('EIO');
    assert.throws(
      () =>
        writing(() => {
          throw cause;
        }),
      (error: Error) => error instanceof WriteFailure && error.cause === cause,
    );
  });
});
