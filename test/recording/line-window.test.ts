import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { fillable, LineWindow, type Line } from '../../src/recording/line-window';
import { scratch } from './har-samples';

describe('LineWindow', () => {
  const at = scratch();

  function read(text: string, offset = 0): Line[] {
    writeFileSync(at('lines'), text);
    const fd = openSync(at('lines'), 'r');
    const lines: Line[] = [];
    const window = new LineWindow(fillable(fd), offset);
    for (let line = window.next(); line; line = window.next()) lines.push(line);
    assert.equal(window.offset, Buffer.byteLength(text));
    closeSync(fd);
    return lines;
  }

  it('gives every line with its place in bytes', () => {
    assert.deepEqual(read('ä\n\nlast'), [
      { offset: 0, length: 2, text: 'ä', ended: true },
      { offset: 3, length: 0, text: '', ended: true },
      { offset: 4, length: 4, text: 'last', ended: false },
    ]);
    assert.deepEqual(read(''), []);
    assert.deepEqual(
      read('ab\ncd\n', 1).map((l) => l.text),
      ['b', 'cd'],
    );
  });

  it('holds lines longer than its window, and many short ones', () => {
    const sizes = [5, 3_000_000, 0, 1_048_575, 1_048_576, 7, 2_500_000];
    const lines = read(sizes.map((size, i) => String(i).repeat(size)).join('\n'));
    assert.deepEqual(
      lines.map((l) => l.length),
      sizes,
    );
    assert.deepEqual(
      lines.map((l) => [...new Set(l.text)].join('')),
      sizes.map((s, i) => (s === 0 ? '' : String(i))),
    );
  });
});
