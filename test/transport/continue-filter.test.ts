import assert from 'node:assert/strict';
import { ContinueFilter } from '../../src/transport/continue-filter';

const FINAL = 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
const EARLY = 'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n';
const CONTINUE = 'HTTP/1.1 100 Go on\r\nX: y\r\n\r\n';

/** What passes of a text that comes in pieces of `size`, and how often it said to go on. */
function pass(text: string, size = text.length, limit = 1000): [string, number] {
  let continued = 0;
  let passed = '';
  const filter = new ContinueFilter(limit, () => (continued += 1));
  for (let at = 0; at < text.length; at += size)
    passed += filter.pass(Buffer.from(text.slice(at, at + size), 'latin1'))?.toString('latin1') ?? '';
  return [passed, continued];
}

describe('ContinueFilter', () => {
  it('takes 100 out wherever it stands before the response, in pieces of any size', () => {
    const text = CONTINUE + EARLY + CONTINUE + CONTINUE + FINAL;
    for (let size = 1; size <= text.length; size++) assert.deepEqual(pass(text, size), [EARLY + FINAL, 3]);
  });

  it('lets everything else pass, byte for byte', () => {
    for (const text of [
      FINAL,
      '\r\nHTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.1 1',
      'x'.repeat(5000),
      'HTTP/1.1 1000 x\r\n\r\n',
      'HTTP/1.2 100 x\r\n\r\n',
      'HTTP/2 100\r\n\r\n',
    ]) {
      const expected = text === 'HTTP/1.1 1' ? '' : text;
      assert.deepEqual(pass(text), [expected, 0]);
    }
  });

  it('holds no more of an interim response than a header block may have', () => {
    const endless = `HTTP/1.1 100 Continue\r\nX: ${'y'.repeat(2000)}`;
    assert.deepEqual(pass(endless, 100), [endless, 0]);
  });
});
