import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseForm } from '../../src/http/form';

const URLENCODED = 'application/x-www-form-urlencoded';

describe('parseForm', () => {
  it('reads URL-encoded fields in their order', () => {
    const body = Buffer.from('b=2&a=1+2&a=caf%C3%A9&empty=&bare&%zz=%FF&__proto__=x');
    assert.deepEqual(parseForm(body, `${URLENCODED}; charset=utf-8`), [
      { name: 'b', value: '2' },
      { name: 'a', value: '1 2' },
      { name: 'a', value: 'café' },
      { name: 'empty', value: '' },
      { name: 'bare', value: '' },
      { name: '%zz', value: '%FF' },
      { name: '__proto__', value: 'x' },
    ]);
  });

  it('reads raw UTF-8 in a URL-encoded body', () => {
    assert.deepEqual(parseForm(Buffer.from('a=日本'), URLENCODED), [{ name: 'a', value: '日本' }]);
  });

  it('reads an empty body as a form without fields', () => {
    assert.deepEqual(parseForm(Buffer.alloc(0), ' Application/X-WWW-Form-Urlencoded'), []);
  });

  it('reads multipart fields', () => {
    const body = Buffer.from('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n');
    assert.deepEqual(parseForm(body, 'Multipart/Form-Data; Boundary=b'), [{ name: 'a', value: '1' }]);
  });

  it('takes nothing else for a form', () => {
    const body = Buffer.from('a=1');
    for (const type of [
      undefined,
      '',
      'text/plain',
      'application/json',
      'multipart/mixed; boundary=b',
      `${URLENCODED}x`,
    ]) {
      assert.equal(parseForm(body, type), undefined, type);
    }
  });

  it('gives up on more fields than any form has', () => {
    assert.equal(parseForm(Buffer.from('a&'.repeat(10_000)), URLENCODED)?.length, 10_000);
    assert.equal(parseForm(Buffer.from('a&'.repeat(10_001)), URLENCODED), undefined);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom(URLENCODED, 'multipart/form-data; boundary=b'),
        (bytes, type) => {
          const fields = parseForm(Buffer.from(bytes), type);
          assert.ok(fields === undefined || Array.isArray(fields));
        },
      ),
    );
  });
});
