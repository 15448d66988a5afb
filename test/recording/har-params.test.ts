import assert from 'node:assert/strict';
import { bodyOfParams, typeOfPost } from '../../src/recording/har-params';

describe('typeOfPost', () => {
  it('is what the body can be read by', () => {
    const params = [{ name: 'a', value: '1' }];
    const form = 'application/x-www-form-urlencoded';
    assert.equal(typeOfPost({ mimeType: form, params }), form);
    assert.equal(typeOfPost({ mimeType: 'application/json', text: '{}' }), 'application/json');
    const type = typeOfPost({ mimeType: 'multipart/form-data', params });
    assert.match(type!, /^multipart\/form-data; boundary=[0-9a-f]{32}$/);
    assert.match(bodyOfParams(params, type!)!.toString(), /name="a"\r\n\r\n1\r\n/);
  });

  it('is none where nothing useful is told', () => {
    for (const mimeType of ['', 'x-unknown', 'application/octet-stream', 'text/x\r\nA: b', 7])
      assert.equal(typeOfPost({ mimeType, text: 'a' }), undefined);
    assert.equal(typeOfPost({ mimeType: 'text/plain', text: '', params: [] }), undefined);
    assert.equal(typeOfPost(undefined), undefined);
  });
});

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
