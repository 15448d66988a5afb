import assert from 'node:assert/strict';
import { ContinueFilter } from '../../src/transport/continue-filter';

const CONTINUE = 'HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n';

/** What gets through, piece by piece; null for nothing. */
function passed(...pieces: string[]): (string | null)[] {
  const filter = new ContinueFilter();
  return pieces.map((piece) => filter.pass(Buffer.from(piece))?.toString() ?? null);
}

describe('ContinueFilter', () => {
  it('takes off what says 100, as often as it comes', () => {
    assert.deepEqual(passed(`${CONTINUE}HTTP/1.1 200 OK\r\n`), ['HTTP/1.1 200 OK\r\n']);
    assert.deepEqual(passed(`${CONTINUE}HTTP/1.0 100\r\n\r\nHTTP/1.1 200`), ['HTTP/1.1 200']);
    assert.deepEqual(passed(CONTINUE, CONTINUE, 'x'), [null, null, 'x']);
  });

  it('does so in whatever pieces it comes', () => {
    const pieces = [...`${CONTINUE}HTTP/1.1 103`];
    assert.equal(passed(...pieces).join(''), 'HTTP/1.1 103');
  });

  it('leaves everything else as it is, and lets go of what gets too long', () => {
    for (const text of ['HTTP/1.1 1000 x', 'HTTP/1.1 101 x', 'HTTP/1.1 200 OK', 'HTTP/1.2 100 x', 'garbage'])
      assert.deepEqual(passed(text, 'HTTP/1.1 100 x\r\n\r\n'), [text, 'HTTP/1.1 100 x\r\n\r\n']);
    const long = `HTTP/1.1 100 ${'x'.repeat(20_000)}`;
    assert.deepEqual(passed(long), [long]);
  });
});
