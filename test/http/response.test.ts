import assert from 'node:assert/strict';
import { HttpResponse, isHttpResponse } from '../../src/http/response';

describe('HttpResponse', () => {
  it('has the usual reason, or the one that it is given', () => {
    assert.equal(new HttpResponse({ status: 404 }).reason, 'Not Found');
    assert.equal(new HttpResponse({ status: 404, reason: '' }).reason, '');
    assert.equal(new HttpResponse({ status: 299 }).reason, '');
  });

  it('clones with headers of its own', () => {
    const response = HttpResponse.text(200, 'x');
    const copy = response.clone();
    copy.headers.set('content-type', 'text/html');
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(isHttpResponse(copy), true);
    assert.equal(isHttpResponse({ status: 200 }), false);
  });
});
