import assert from 'node:assert/strict';
import { escapeControls } from '../src/escape-controls';

describe('escapeControls', () => {
  it('writes out what could move a cursor, forge a line or turn text around', () => {
    assert.equal(
      escapeControls('a\r\nb\x1b[31m\x9b\x7f\u2028\u202e'),
      'a\\x0d\\x0ab\\x1b[31m\\x9b\\x7f\\u2028\\u202e',
    );
  });

  it('leaves the rest alone', () => {
    assert.equal(escapeControls('grün \\ %0a 漢字'), 'grün \\ %0a 漢字');
  });
});
