import assert from 'node:assert/strict';
import { HarHeaderReader } from '../../src/recording/har-headers';

function read(list: unknown): { pairs: unknown; warnings: string[] } {
  const warnings: string[] = [];
  const headers = new HarHeaderReader().read(list, 'request', (problem) => warnings.push(problem));
  return { pairs: headers.toJSON(), warnings };
}

const line = (name: unknown, value?: unknown) => ({ name, value });

describe('HarHeaderReader', () => {
  it('keeps case, order and duplicates, and drops pseudo headers', () => {
    const { pairs, warnings } = read([
      line(':authority', 'h'),
      line('X-A', '1'),
      line('x-a', '2'),
      line('X-A', '1'),
    ]);
    assert.deepEqual(pairs, [
      ['X-A', '1'],
      ['x-a', '2'],
      ['X-A', '1'],
    ]);
    assert.deepEqual(warnings, []);
  });

  it('reads several lines that a tool joined, and folded ones', () => {
    const { pairs } = read([line('Set-Cookie', 'a=1\nb=2'), line('X-Folded', 'one\r\n  two')]);
    assert.deepEqual(pairs, [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Folded', 'one two'],
    ]);
  });

  it('reads a value with 200,000 blanks in it', () => {
    const blanks = ' '.repeat(200_000);
    const { pairs } = read([
      line('X-Wide', `→${blanks}a`),
      line('X-Folded', `one${blanks}\n${blanks}two${blanks}\n`),
    ]);
    assert.deepEqual(pairs, [
      ['X-Wide', `\xe2\x86\x92${blanks}a`],
      ['X-Folded', 'one two'],
      ['X-Folded', ''],
    ]);
  });

  it('reads Unicode as the UTF-8 that was on the wire, and latin1 as it is', () => {
    const { pairs } = read([line('X-A', '→'), line('X-B', 'é')]);
    assert.deepEqual(pairs, [
      ['X-A', '\xe2\x86\x92'],
      ['X-B', 'é'],
    ]);
  });

  it('names and leaves out what no message can carry', () => {
    const { pairs, warnings } = read([
      line('a b', '1'),
      line('', '1'),
      line(7, '1'),
      line('X-Nul', 'a\0b'),
      line('X-List', []),
      null,
      line('X-Number', 5),
      line('X-None'),
      line('__proto__', 'x'),
    ]);
    assert.deepEqual(pairs, [
      ['X-Number', '5'],
      ['X-None', ''],
      ['__proto__', 'x'],
    ]);
    assert.equal(warnings.length, 6);
    for (const warning of warnings) assert.match(warning, /left out$/);
  });

  it('does not take a value it knows for another header', () => {
    const { pairs } = read([line('A', 'x'), line('B', 'x'), line('A', 'x')]);
    assert.deepEqual(pairs, [
      ['A', 'x'],
      ['B', 'x'],
      ['A', 'x'],
    ]);
  });
});
