import assert from 'node:assert/strict';
import { findTail } from '../../src/recording/har-tail';
import { readHead } from '../../src/recording/har-layout';

const HEAD = '{"log":{"entries":[';

function tail(rest: string): { kept: string; isEmpty: boolean; torn: number } {
  const bytes = Buffer.from(HEAD + rest);
  const file = { fill: (target: Buffer, offset: number) => bytes.copy(target, 0, offset) };
  const { at, isEmpty, torn } = findTail(file, readHead(file)!, bytes.length);
  return { kept: bytes.subarray(HEAD.length, at).toString(), isEmpty, torn };
}

describe('findTail', () => {
  it('finds the end of the entries of a whole file, however it was closed', () => {
    for (const closing of ['\n]}}\n', '\n]}}', '\r\n]}}\r\n', ',\n]}}\n', '\n  ]\n }\n}\n', '\n\n]}}\n\n']) {
      assert.deepEqual(tail(`\n{"ä":1}${closing}`), { kept: '\n{"ä":1}', isEmpty: false, torn: 0 });
    }
    for (const closing of ['\n]}}\n', '\n\n]}}'])
      assert.deepEqual(tail(closing), { kept: '', isEmpty: true, torn: 0 });
  });

  it('leaves out only what was not written whole', () => {
    assert.deepEqual(tail('\n{"a":1},\n{"b":2}'), { kept: '\n{"a":1},\n{"b":2}', isEmpty: false, torn: 0 });
    assert.deepEqual(tail('\n{"a":1},\n{"b":'), { kept: '\n{"a":1}', isEmpty: false, torn: 5 });
    assert.deepEqual(tail('\n{"a":1},\n'), { kept: '\n{"a":1}', isEmpty: false, torn: 0 });
    assert.deepEqual(tail('\n{"a":1}\n]}'), { kept: '\n{"a":1}', isEmpty: false, torn: 0 });
    assert.deepEqual(tail('\n{"a":'), { kept: '', isEmpty: true, torn: 5 });
    assert.deepEqual(tail('\n'), { kept: '', isEmpty: true, torn: 0 });
  });

  it('reads past any number of blank lines', () => {
    const blank = '\n'.repeat(30_000);
    const open = tail(`\n{"a":1}${blank}`);
    assert.deepEqual({ ...open, kept: open.kept.trim() }, { kept: '{"a":1}', isEmpty: false, torn: 0 });
    assert.deepEqual(tail(`\n{"a":1}${blank}]}${blank}}`), { kept: '\n{"a":1}', isEmpty: false, torn: 0 });
    assert.deepEqual(tail(`${blank}]}}`), { kept: '', isEmpty: true, torn: 0 });
  });

  it('is not taken in by brackets inside a torn entry', () => {
    assert.deepEqual(tail('\n{"a":1},\n{"b":{"c":[{"d":[1]}}'), {
      kept: '\n{"a":1}',
      isEmpty: false,
      torn: 21,
    });
  });

  it('reads back over an entry of any length', () => {
    const long = `{"a":"${'x'.repeat(300_000)}`;
    assert.equal(tail(`\n{"a":1},\n${long}`).kept, '\n{"a":1}');
    assert.equal(tail(`\n{"a":1},\n${long}"}`).torn, 0);
  });
});
