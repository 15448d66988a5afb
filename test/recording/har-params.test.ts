import assert from 'node:assert/strict';
import { bodyOfParams } from '../../src/recording/har-params';

describe('bodyOfParams', () => {
  it('writes what a form sends', () => {
    const params = [{ name: 'ä', value: 'a b' }, null, { name: 'x' }];
    assert.equal(bodyOfParams(params, 'application/x-www-form-urlencoded')?.toString(), '%C3%A4=a+b&x=');
  });

  it('needs a boundary and every value for a multipart body', () => {
    assert.equal(bodyOfParams([{ name: 'a', value: '1' }], 'multipart/form-data'), undefined);
    assert.equal(bodyOfParams([{ name: 'a' }], 'multipart/form-data; boundary=b'), undefined);
    assert.equal(bodyOfParams([], 'multipart/form-data; boundary="b c"')?.toString(), '--b c--\r\n');
  });

  it('lets no value break out of its part head', () => {
    const param = { name: 'a"\r\nX: 1', fileName: '"\n', contentType: 'text/plain\r\nX: 2', value: 'v' };
    const head = bodyOfParams([param], 'multipart/form-data; boundary=b')?.toString().split('\r\n\r\n')[0];
    assert.equal(head?.split(/\r\n|\n/).length, 3);
  });
});
