import assert from 'node:assert/strict';
import { LocalEntry, requestHeadOf } from '../../src/recording/har-request-head';

const URL = 'http://h.example/a';
const head = (request: object, extras?: object) => requestHeadOf({ request }, extras as never);

describe('what a HAR entry asks for', () => {
  it('is in its method and URL', () => {
    const { scheme, host, port, path, method } = head({ method: 'GET', url: URL }) as never;
    assert.deepEqual([scheme, host, port, path, method], ['http', 'h.example', 80, '/a', 'GET']);
  });

  it('is the exact target of an entry of ours, while its URL is the same', () => {
    const target = { url: URL, host: 'H.example', port: 8080, path: '/%61' };
    const asked = (url: string) => head({ method: 'GET', url }, { request: { target } });
    assert.deepEqual(asked(URL), {
      scheme: 'http',
      host: 'H.example',
      port: 8080,
      path: '/%61',
      method: 'GET',
    });
    assert.equal((asked(`${URL}/b`) as { path: string }).path, '/a/b');
  });

  it('is nobody, for a data: URL, and an error for what is none', () => {
    assert.ok(head({ method: 'GET', url: 'data:,x' }) instanceof LocalEntry);
    assert.throws(() => head({ method: 'GET' }), { message: 'missing "request.url"' });
    assert.throws(() => head({ method: 'G T', url: URL }), { message: /^method .* is no token$/ });
  });
});
