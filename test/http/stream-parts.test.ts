import assert from 'node:assert/strict';
import { partLengths } from '../../src/http/stream-parts';
import type { StreamKind } from '../../src/http/streams';

/** The parts of a text, given whole and one byte at a time. */
function parts(text: string, kind: StreamKind): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const cut = (lengths: number[]) => {
    let at = 0;
    return lengths.map((length) => text.slice(at, (at += length)));
  };
  const whole = cut([...partLengths([bytes], kind)]);
  const single = cut([
    ...partLengths(
      [...bytes].map((byte) => Buffer.from([byte])),
      kind,
    ),
  ]);
  assert.deepEqual(single, whole);
  return whole;
}

describe('partLengths', () => {
  it('ends an event with its blank line, whatever ends lines', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const events = [`id: 1${end}data: a${end}${end}`, `: ping${end}${end}`, `data: b${end}${end}`];
      assert.deepEqual(parts(events.join(''), 'events'), events, JSON.stringify(end));
      assert.deepEqual(parts(`${events[0]}data: cut`, 'events'), [events[0], 'data: cut']);
    }
    assert.deepEqual(parts('data: a\n\r\ndata: b\r\r\ndata: c\r\n\n', 'events'), [
      'data: a\n\r\n',
      'data: b\r\r\n',
      'data: c\r\n\n',
    ]);
  });

  it('makes no event of blank lines alone', () => {
    assert.deepEqual(parts('\n\ndata: a\n\n\n\ndata: b\n\n', 'events'), [
      '\n\ndata: a\n\n',
      '\n\ndata: b\n\n',
    ]);
    assert.deepEqual(parts('', 'events'), []);
  });

  it('ends lines with a line feed', () => {
    assert.deepEqual(parts('{"a":1}\r\n{"b":2}\n{', 'lines'), ['{"a":1}\r\n', '{"b":2}\n', '{']);
  });

  it('goes by the lengths of gRPC messages', () => {
    const message = (text: string) => `\0\0\0\x01${String.fromCharCode(text.length - 256)}${text}`;
    const long = message('x'.repeat(256 + 7));
    assert.equal(long.length, 5 + 263);
    assert.deepEqual(parts(`${long}\0\0\0\0\0\0\0\0\0\x02ab\0\0`, 'grpc'), [
      long,
      '\0\0\0\0\0',
      '\0\0\0\0\x02ab',
      '\0\0',
    ]);
  });

  it('leaves what has no parts to find in one piece, but for its size', () => {
    assert.deepEqual(parts('--a\n\n--b', 'parts'), ['--a\n\n--b']);
    assert.deepEqual([...partLengths([Buffer.alloc(2 ** 24 + 1)], undefined)], [2 ** 24, 1]);
  });
});
