import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { LoadProgressBar } from '../../src/cli/progress';

const LARGE = 50_000_000;

function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => String(stream.read() ?? '') };
}

describe('LoadProgressBar', () => {
  it('shows how far a large file has been read, and goes away', () => {
    const { stream, text } = terminal(true);
    const bar = new LoadProgressBar(stream);
    bar.update(LARGE / 2, LARGE, 'big.har');
    bar.update(LARGE, LARGE, 'big.har');
    bar.stop();
    assert.match(text(), /loading big\.har .* of 50\.0 MB/);
  });

  it('is not there for small files and without a terminal', () => {
    const small = terminal(true);
    new LoadProgressBar(small.stream).update(10, 20, 'small.har');
    assert.equal(small.text(), '');
    const pipe = terminal(false);
    new LoadProgressBar(pipe.stream).update(1, LARGE, 'big.har');
    assert.equal(pipe.text(), '');
  });
});
