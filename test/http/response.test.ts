import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { HttpResponse, isHttpResponse } from '../../src/http/response';

describe('HttpResponse', () => {
  it('has the usual reason, or the one that it is given', () => {
    assert.equal(new HttpResponse({ status: 404 }).reason, 'Not Found');
    assert.equal(new HttpResponse({ status: 404, reason: '' }).reason, '');
    assert.equal(new HttpResponse({ status: 299 }).reason, '');
  });

  it('shares fields that are given to it, and copies the others', () => {
    const [headers, trailers] = [new HttpHeaders([['A', '1']]).freeze(), new HttpHeaders().freeze()];
    const shared = new HttpResponse({ status: 200 }, { headers, trailers });
    assert.deepEqual([shared.headers === headers, shared.trailers === trailers], [true, true]);
    assert.equal(shared.clone().headers.set('a', '2').get('A'), '2');
    assert.equal(new HttpResponse(shared).headers.append('b', '3').size, 2);
    assert.equal(headers.size, 1);
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
