import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DumpHeaderReader } from '../../src/recording/mitmproxy-headers';
import { encodeTnetstring } from '../../src/recording/tnetstring';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';

type Pairs = readonly (readonly [string, string])[];

function listOf(pairs: Pairs): TnetCursor {
  const cursor = new TnetCursor(
    encodeTnetstring(pairs.map((pair) => pair.map((text) => Buffer.from(text, 'latin1')))),
  );
  cursor.next();
  return cursor.inner();
}

describe('DumpHeaderReader', () => {
  const name = fc.constantFrom('Accept', 'ETag', 'Set-Cookie', ':path', 'no name', '', 'caf\xe9');
  const value = fc.constantFrom('*/*', '', 'caf\xe9', 'a\r\n b', 'a\0b', 'a\tb', '\x7f');

  it('reads lists of responses as those of requests, with the same warnings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (pairs) => {
        const reader = new DumpHeaderReader();
        const [one, other]: [string[], string[]] = [[], []];
        const response = reader.ofOthers(listOf(pairs), 'request', (flaw) => one.push(flaw));
        const request = reader.ofRequest(listOf(pairs), undefined, (flaw) => other.push(flaw));
        assert.deepEqual([...response], [...request]);
        assert.deepEqual(one, other);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives requests with the same lines the same headers, and warns of each that has a flaw', () => {
    const reader = new DumpHeaderReader();
    const flaws: string[] = [];
    const read = (pairs: Pairs, authority?: string) =>
      reader.ofRequest(listOf(pairs), authority, (flaw) => flaws.push(flaw));
    const plain = [['Accept', '*/*']] as const;
    assert.equal(read(plain), read(plain));
    assert.notEqual(read(plain), read(plain, 'b.test'));
    assert.equal(read(plain, 'b.test').get('host'), 'b.test');
    assert.equal(read([['Host', 'a.test']], 'b.test').get('host'), 'a.test');
    for (let i = 0; i < 2; i += 1) read([['no name', '']]);
    assert.equal(flaws.length, 2);
  });

  it('gives headers that cannot be changed', () => {
    const reader = new DumpHeaderReader();
    const list = [['A', '1']] as const;
    const one = reader.ofRequest(listOf(list), undefined, () => {});
    for (const headers of [one, reader.ofOthers(listOf(list), 'response', () => {})]) {
      assert.throws(() => headers.append('b', '2'), /frozen/);
      assert.equal(headers.clone().append('b', '2').get('B'), '2');
    }
  });
});
