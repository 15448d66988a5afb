import assert from 'node:assert/strict';
import fc from 'fast-check';
import { locateEntries, onOneLine } from '../../src/recording/har-slices';

describe('locateEntries', () => {
  it('finds each entry as JSON.parse does, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.constantFrom(undefined, 1, '\t'),
        (entries, other, indent) => {
          const text = JSON.stringify(
            { a: other, log: { b: other, entries, pages: [{ entries: [1] }] }, c: { entries: [2] } },
            null,
            indent,
          );
          const found = locateEntries(text).map(({ start, end }) => text.slice(start, end));
          assert.deepEqual(
            found.map((f) => JSON.parse(f) as unknown),
            JSON.parse(JSON.stringify(entries)),
          );
          for (const one of found) assert.deepEqual(JSON.parse(onOneLine(one)), JSON.parse(one));
        },
      ),
    );
  });

  it('takes the last of two lists, as JSON.parse does, and escaped keys', () => {
    const text = '{"log":{"entries":[1],"\\u0065ntries":[2, "]}" ,{"a":["\\\\"]}]}}';
    const found = locateEntries(text).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(found, ['2', '"]}"', '{"a":["\\\\"]}']);
  });
});

describe('onOneLine', () => {
  it('takes line breaks and indentation, and nothing inside of text', () => {
    assert.equal(onOneLine('{\r\n  "a b": "c  d",\n\n\t"e": 1.0\n}'), '{"a b": "c  d","e": 1.0}');
  });
});
