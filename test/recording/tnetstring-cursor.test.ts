import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTnetLength, readTnetNumber, TnetCursor } from '../../src/recording/tnetstring-cursor';

const read = (text: string): unknown => {
  const cursor = new TnetCursor(Buffer.from(text, 'latin1'));
  cursor.next();
  return cursor.value();
};

describe('TnetCursor', () => {
  it('skips by length what is not asked for', () => {
    const cursor = new TnetCursor(Buffer.from('9:not: read,2:17#'));
    assert.ok(cursor.next() && cursor.next());
    assert.equal(cursor.value(), 17);
    assert.equal(cursor.next(), false);
  });

  it('tells what is left, goes on twice, and uses a cursor again', () => {
    const cursor = new TnetCursor(Buffer.from('1:a,4:1:b,]4:1:c,]'));
    cursor.next();
    assert.deepEqual(cursor.rest, { from: 4, to: 18 });
    const copy = cursor.copy();
    assert.ok(cursor.next() && copy.next());
    const inner = copy.inner();
    assert.ok(inner.next() && inner.latin1() === 'b' && !inner.next());
    copy.next();
    copy.enter(inner);
    assert.ok(inner.next() && inner.latin1() === 'c' && !inner.next());
    assert.equal(copy.next(), false);
    assert.deepEqual(cursor.rest, { from: 11, to: 18 });
  });

  it('refuses lengths that lie', () => {
    const lies = [
      '5:hi,',
      '99999999999:a,',
      '-1:a,',
      ':a,',
      '9:2:hi,9:a,]',
      'x',
      '3',
      '1 :a,',
      '4294967296:a,',
    ];
    for (const text of lies) assert.throws(() => read(text), SyntaxError, text);
  });

  it('refuses values that do not fit their tag', () => {
    for (const text of [
      '2:xx#',
      '0:#',
      '3:1.5#',
      '3:nan^',
      '3:yes!',
      '1:x~',
      '1:x?',
      '4:1:a;}',
      '6:0:~0:~}',
    ]) {
      assert.throws(() => read(text), SyntaxError, text);
    }
    assert.throws(() => read(`2000:${'9'.repeat(2000)}#`), SyntaxError);
  });

  it('refuses nesting deeper than 64 levels without deep recursion', () => {
    let deep = '0:~';
    for (let i = 0; i < 64; i++) deep = `${deep.length}:${deep}]`;
    assert.doesNotThrow(() => read(deep));
    assert.throws(() => read(`${deep.length}:${deep}]`), /deeper than 64/);
  });

  it('gives a key named __proto__ no power', () => {
    const map = read('19:9:__proto__;4:true!}');
    assert.ok(map instanceof Map);
    assert.equal(map.get('__proto__'), true);
    assert.equal(Object.getPrototypeOf(map), Map.prototype);
  });

  it('answers any bytes with a value or a SyntaxError', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'0123456789:,;#^!~]}-ae.') });
    fc.assert(
      fc.property(soup, (text) => {
        try {
          read(text);
        } catch (error) {
          assert.ok(error instanceof SyntaxError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readTnetLength', () => {
  it('says where the payload is, and nothing before the colon has come', () => {
    assert.deepEqual(readTnetLength(Buffer.from('..12:abc'), 2, 8), { from: 5, to: 17 });
    assert.equal(readTnetLength(Buffer.from('12'), 0, 2), undefined);
  });
});

describe('readTnetNumber', () => {
  it('reads what Python writes', () => {
    const number = (digits: string): number =>
      readTnetNumber(Buffer.from(digits), { from: 0, to: digits.length });
    assert.equal(number('1e+22'), 1e22);
    assert.equal(number('-0.5'), -0.5);
    assert.throws(() => number('0x10'), SyntaxError);
  });

  it('reads digits to the last bit', () => {
    const digits = fc.stringMatching(/^\d{0,12}\.?\d{0,8}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const read = () => readTnetNumber(Buffer.from(text), { from: 0, to: text.length });
        if (/^\d/.test(text)) assert.equal(read(), Number(text));
        else assert.throws(read, SyntaxError);
      }),
      { numRuns: 2000 },
    );
  });
});
