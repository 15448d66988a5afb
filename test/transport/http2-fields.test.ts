import assert from 'node:assert/strict';
import type { HeaderPair } from '../../src/http/headers';
import { fieldsOf } from '../../src/transport/http2-fields';

const fields = (...lines: HeaderPair[]) => Object.entries(fieldsOf(lines));

describe('fieldsOf', () => {
  it('puts names into lower case, and lines of one name together', () => {
    const lines: HeaderPair[] = [['Via', 'a'], ['X-One', '1'], ['via', 'b'], ['VIA', 'c'], ['Set-Cookie', 'a=1'], ['set-cookie', 'b=2']]; // prettier-ignore
    assert.deepEqual(fields(...lines), [
      ['via', ['a', 'b', 'c']],
      ['x-one', '1'],
      ['set-cookie', ['a=1', 'b=2']],
    ]);
  });

  it('joins lines of which Node sends only one', () => {
    assert.deepEqual(fields(['If-None-Match', '"a"'], ['if-none-match', '"b"'], ['IF-NONE-MATCH', '"c"']), [
      ['if-none-match', '"a", "b", "c"'],
    ]);
  });

  it('leaves out what is about one connection, of TE all but trailers', () => {
    const names = ['Connection', 'Keep-Alive', 'Proxy-Connection', 'TE', 'Transfer-Encoding', 'Upgrade', 'HTTP2-Settings']; // prettier-ignore
    assert.deepEqual(fields(...names.map((name): HeaderPair => [name, 'x'])), []);
    assert.deepEqual(fields(['TE', 'trailers']), [['te', 'trailers']]);
  });

  it('is not fooled by names of objects', () => {
    assert.deepEqual(fields(['__proto__', 'x']), [['__proto__', 'x']]);
  });
});
