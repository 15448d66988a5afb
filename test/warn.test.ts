import assert from 'node:assert/strict';
import { warnOnStderr } from '../src/warn';

describe('warnOnStderr', () => {
  it('writes one line, control characters written out', () => {
    const { write } = process.stderr;
    const written: unknown[] = [];
    process.stderr.write = (text: unknown) => written.push(text) > 0;
    try {
      warnOnStderr('a\x1b[2J\nb');
    } finally {
      process.stderr.write = write;
    }
    assert.deepEqual(written, ['a\\x1b[2J\\x0ab\n']);
  });
});
