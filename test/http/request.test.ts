import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { HttpRequest, isHttpRequest } from '../../src/http/request';

describe('HttpRequest', () => {
  it('takes a URL apart and puts it together again', () => {
    for (const url of ['http://shop.example/a?b=1', 'https://shop.example:8443/', 'http://[::1]:81/x']) {
      assert.equal(HttpRequest.to(url).url, url);
    }
    const request = HttpRequest.to('https://[2001:db8::1]/');
    assert.equal(request.host, '2001:db8::1');
    assert.equal(request.port, 443);
    assert.equal(request.headers.get('host'), '[2001:db8::1]');
  });

  it('has the origin for its URL when it asks for the server as a whole', () => {
    const request = new HttpRequest({ method: 'OPTIONS', scheme: 'http', host: 'a', port: 80, path: '*' });
    assert.equal(request.url, 'http://a');
  });

  it('shares fields that are given to it, and copies the others', () => {
    const [headers, trailers] = [new HttpHeaders([['A', '1']]).freeze(), new HttpHeaders().freeze()];
    const shared = new HttpRequest({ scheme: 'http', host: 'a', port: 80, path: '/' }, { headers, trailers });
    assert.deepEqual([shared.headers === headers, shared.trailers === trailers], [true, true]);
    assert.equal(shared.clone().headers.set('a', '2').get('A'), '2');
    assert.equal(new HttpRequest(shared).headers.append('b', '3').size, 2);
    assert.equal(headers.size, 1);
  });

  it('clones with headers of its own', () => {
    const request = HttpRequest.to('http://shop.example/', { body: 'x', headers: { a: '1' }, startedAt: 5 });
    const copy = request.clone();
    copy.headers.set('a', '2');
    copy.path = '/other';
    assert.equal(request.headers.get('a'), '1');
    assert.equal(request.path, '/');
    assert.equal(copy.body, request.body);
    assert.equal(copy.startedAt, 5);
    assert.equal(isHttpRequest(copy), true);
    assert.equal(isHttpRequest({ ...request }), true);
    assert.equal(isHttpRequest({}), false);
  });
});
