import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpHeaders, isFieldValue, isToken } from '../../src/http/headers';

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const value = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,20}$/);

describe('HttpHeaders', () => {
  it('keeps pairs as they are: case, order, duplicates', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(token, value)), (pairs) => {
        assert.deepEqual([...new HttpHeaders(pairs)], pairs);
        assert.deepEqual([...HttpHeaders.fromRaw(new HttpHeaders(pairs).toRaw())], pairs);
      }),
    );
  });

  it('asks a source for its lines once, when somebody wants to see one', () => {
    let asked = 0;
    const source = { pairs: () => (asked++, [['A', '1'] as const]) };
    const headers = HttpHeaders.fromSource(source);
    assert.equal(asked, 0);
    assert.equal(headers.get('a'), '1');
    headers.append('b', '2').delete('a');
    assert.deepEqual([[...headers], asked], [[['b', '2']], 1]);
    assert.deepEqual([...HttpHeaders.fromSource(source).freeze().clone().set('A', '3')], [['A', '3']]);
  });

  it('looks up without regard to case', () => {
    const headers = new HttpHeaders({ 'Set-Cookie': ['a=1', 'b=2'], ETag: '"x"' });
    assert.equal(headers.get('set-cookie'), 'a=1');
    assert.deepEqual(headers.getAll('SET-COOKIE'), ['a=1', 'b=2']);
    assert.equal(headers.has('etag'), true);
    assert.equal(headers.get('etags'), undefined);
    assert.equal(headers.size, 3);
  });

  it('folds lines by a comma, cookies by a semicolon', () => {
    const headers = new HttpHeaders([
      ['accept', 'a'],
      ['Cookie', 'x=1'],
      ['Accept', 'b'],
      ['cookie', 'y=2'],
    ]);
    assert.equal(headers.folded('accept'), 'a, b');
    assert.equal(headers.folded('cookie'), 'x=1; y=2');
    assert.equal(headers.folded('te'), undefined);
  });

  it('sets in place, with the case that was there', () => {
    const headers = new HttpHeaders([
      ['A', '1'],
      ['b', '2'],
      ['a', '3'],
    ])
      .set('a', '4')
      .set('c', '5');
    assert.deepEqual(
      [...headers],
      [
        ['A', '4'],
        ['b', '2'],
        ['c', '5'],
      ],
    );
    assert.equal(headers.delete('A'), true);
    assert.equal(headers.delete('A'), false);
  });

  it('rewrites line by line', () => {
    const headers = new HttpHeaders([
      ['a', '1'],
      ['b', '2'],
      ['A', '3'],
    ]);
    headers.rewrite((name, text) => (name === 'b' ? null : `${text}!`));
    assert.deepEqual(
      [...headers],
      [
        ['a', '1!'],
        ['A', '3!'],
      ],
    );
  });

  it('refuses names and values that would break a message', () => {
    for (const [name, text] of [
      ['a b', '1'],
      ['', '1'],
      ['a', 'x\r\ny: z'],
      ['a', '\0'],
      ['a', '€'],
    ] as const) {
      assert.throws(() => new HttpHeaders().append(name, text), TypeError);
      assert.throws(() => new HttpHeaders([[name, text]]), TypeError);
    }
    assert.equal(new HttpHeaders({ ['__proto__x']: '1' }).get('__PROTO__X'), '1');
  });

  it('is a copy of what it was cloned from until one of them changes', () => {
    const changes: ((headers: HttpHeaders) => unknown)[] = [
      (headers) => headers.set('a', '3'),
      (headers) => headers.append('c', '3'),
      (headers) => headers.delete('a'),
      (headers) => headers.rewrite(() => 'x'),
    ];
    for (const change of changes) {
      for (const which of ['original', 'copy'] as const) {
        const original = new HttpHeaders([['a', '1'], ['b', '2']]); // prettier-ignore
        const copy = original.clone();
        assert.ok(copy.isCopyOf(original) && original.isCopyOf(copy));
        const [changed, other] = which === 'copy' ? [copy, original] : [original, copy];
        change(changed);
        change(changed);
        assert.equal(copy.isCopyOf(original), false);
        assert.deepEqual([...other], [['a', '1'], ['b', '2']]); // prettier-ignore
        assert.notDeepEqual([...changed], [...other]);
      }
    }
  });

  it('does not change once frozen; a clone does', () => {
    const frozen = new HttpHeaders({ a: '1' }).freeze();
    assert.throws(() => frozen.set('a', '2'), /clone\(\)/);
    assert.throws(() => frozen.delete('a'), /frozen/);
    assert.equal(frozen.clone().set('a', '2').get('a'), '2');
    assert.equal(frozen.get('a'), '1');
  });
});

describe('isToken', () => {
  it('tells names from what is none', () => {
    for (const name of ['GET', 'x-a', "!#$%&'*+.^_`|~-9"]) assert.equal(isToken(name), true, name);
    for (const name of ['', 'a b', 'a:', 'ä', 'a\n', '"a"']) assert.equal(isToken(name), false, name);
  });
});

describe('isFieldValue', () => {
  it('tells values from what no message can carry', () => {
    for (const value of ['', 'a\tb c', '\x80\xff']) assert.equal(isFieldValue(value), true, value);
    for (const value of ['a\r\nb', '\0', '\x7f', '\u0100']) assert.equal(isFieldValue(value), false, value);
  });
});
