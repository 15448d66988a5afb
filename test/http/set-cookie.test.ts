import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SetCookie } from '../../src/http/set-cookie';

const THEN = 'Wed, 21 Oct 2015 07:28:00 GMT';
const NOW = 'Sun, 13 Sep 2020 12:26:40 GMT';

describe('SetCookie', () => {
  it('reads name, value and attributes as the line spells them', () => {
    const cookie = SetCookie.parse(`sid=a=b; Path=/; expires=${THEN};HttpOnly; SameSite = Lax`);
    assert.equal(cookie.name, 'sid');
    assert.equal(cookie.value, 'a=b');
    assert.deepEqual(cookie.attributes, [
      ['Path', '/'],
      ['expires', THEN],
      ['HttpOnly', undefined],
      ['SameSite', 'Lax'],
    ]);
    assert.equal(cookie.get('EXPIRES'), THEN);
    assert.equal(cookie.get('httponly'), '');
    assert.equal(cookie.get('max-age'), undefined);
  });

  const odd: Array<[line: string, name: string, value: string]> = [
    ['', '', ''],
    ['a', '', 'a'],
    ['a=', 'a', ''],
    ['=b', '', 'b'],
    [' a = "b c" ;;; Secure;', 'a', '"b c"'],
    ['; Path=/', '', ''],
    ['__proto__=1; __proto__=2', '__proto__', '1'],
  ];
  for (const [line, name, value] of odd) {
    it(`takes the odd line ${JSON.stringify(line)}`, () => {
      const cookie = SetCookie.parse(line);
      assert.deepEqual([cookie.name, cookie.value, cookie.toString()], [name, value, line]);
    });
  }

  it('replaces a value in place and keeps every other byte', () => {
    const line = (expires: string) => `sid="";  Secure ;eXpires =  ${expires}\t;;Path=/;HttpOnly;`;
    assert.equal(SetCookie.parse(line(THEN)).with('Expires', NOW).toString(), line(NOW));
    assert.equal(SetCookie.parse('a=; Expires=').with('expires', NOW).toString(), `a=; Expires=${NOW}`);
    assert.equal(SetCookie.parse('a=; Expires= ').with('expires', NOW).toString(), `a=; Expires= ${NOW}`);
    assert.equal(SetCookie.parse('a=b; Expires').with('expires', NOW).toString(), `a=b; Expires=${NOW}`);
  });

  it('replaces the last of several, the one that counts', () => {
    const cookie = SetCookie.parse('a=b; Path=/old; Path=/new');
    assert.equal(cookie.get('path'), '/new');
    assert.equal(cookie.with('path', '/').toString(), 'a=b; Path=/old; Path=/');
  });

  it('appends what is not there', () => {
    assert.equal(SetCookie.parse('a=b').with('Max-Age', '3600').toString(), 'a=b; Max-Age=3600');
    assert.equal(SetCookie.parse('a=b').with('Secure', '').toString(), 'a=b; Secure');
    assert.equal(SetCookie.parse('expires=b').with('Expires', NOW).toString(), `expires=b; Expires=${NOW}`);
  });

  it('removes every occurrence, but never the cookie itself', () => {
    assert.equal(
      SetCookie.parse('path=b; Path=/a;Secure;path=/b').with('path', null).toString(),
      'path=b;Secure',
    );
  });

  it('leaves the cookie that it was called on alone', () => {
    const cookie = SetCookie.parse('a=b; Path=/');
    cookie.with('Path', '/x').with('Secure', '').with('Path', null);
    assert.equal(cookie.toString(), 'a=b; Path=/');
  });

  it('refuses to write what would break out of the line', () => {
    const cookie = SetCookie.parse('a=b');
    for (const value of ['x; Domain=evil', 'x\r\nX-Evil: 1', 'x\0']) {
      assert.throws(() => cookie.with('Path', value), TypeError);
      assert.throws(() => cookie.with(value, ''), TypeError);
    }
    assert.throws(() => cookie.with(' ', 'x'), TypeError);
    assert.throws(() => cookie.with('a=b', 'x'), TypeError);
  });

  const lines = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('a', '=', ';', ' ', '\t', '"', 'Expires', 'Path', 'Secure', THEN), {
        maxLength: 20,
      })
      .map((pieces) => pieces.join('')),
  );

  it('gives every line back unchanged', () => {
    fc.assert(fc.property(lines, (line) => assert.equal(SetCookie.parse(line).toString(), line)));
  });

  it('changes nothing but the attribute it was asked to', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const before = SetCookie.parse(line);
        const after = before.with('expires', NOW);
        assert.equal(after.get('expires'), NOW);
        assert.deepEqual([after.name, after.value], [before.name, before.value]);
        const old = before.get('expires');
        if (old === undefined) assert.equal(after.toString(), `${line}; expires=${NOW}`);
        else if (old !== '') assert.equal(after.with('expires', old).toString(), line);
        const others = (cookie: SetCookie) => cookie.with('expires', null).toString();
        assert.equal(others(after), others(before));
      }),
    );
  });
});
