import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { inAbsoluteForm, isForItsTarget } from '../../src/transport/absolute-form';
import { outgoingRequest } from '../../src/transport/upstream-request';
import { parseProxyUrl } from '../../src/transport/upstream-proxy';

const headOf = (request: HttpRequest, url = 'http://p:1') =>
  inAbsoluteForm(outgoingRequest(request), request, parseProxyUrl(url)).head('none');

describe('a request in absolute-form', () => {
  it('is for a whole URL, everything else as it was', () => {
    const request = new HttpRequest({
      scheme: 'http',
      host: 'shop.example',
      port: 8080,
      path: '/a?b=//c',
      headers: [
        ['hOST', 'front.example'],
        ['X-A', '1'],
        ['x-a', '2'],
        ['Proxy-Authorization', 'Basic stolen'],
      ],
    });
    assert.equal(
      headOf(request),
      'GET http://shop.example:8080/a?b=//c HTTP/1.1\r\nhOST: front.example\r\nX-A: 1\r\nx-a: 2\r\n\r\n',
    );
  });

  it('gives the proxy its credentials', () => {
    const head = headOf(HttpRequest.to('http://shop.example/'), 'http://me:secret@p:1');
    assert.equal(
      head,
      'GET http://shop.example/ HTTP/1.1\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\nHost: shop.example\r\n\r\n',
    );
  });

  it('has no path when it is about the whole server', () => {
    const request = new HttpRequest({ method: 'OPTIONS', scheme: 'http', host: '::1', port: 80, path: '*' });
    assert.match(headOf(request), /^OPTIONS http:\/\/\[::1\] HTTP\/1\.1\r\n/);
  });
});

describe('isForItsTarget', () => {
  it('is true for a Host that the proxy would make, too', () => {
    const isFor = (url: string, host?: string) =>
      isForItsTarget(HttpRequest.to(url, { headers: host === undefined ? {} : { host } }));
    assert.equal(isFor('http://shop.example/'), true);
    assert.equal(isFor('http://shop.example/', 'SHOP.example'), true);
    assert.equal(isFor('http://shop.example/', 'shop.example:80'), true);
    assert.equal(isFor('http://[::1]:81/', '[::1]:81'), true);
    assert.equal(isFor('http://shop.example/', 'shop.example:81'), false);
    assert.equal(isFor('http://10.0.0.1/', 'shop.example'), false);
  });
});
