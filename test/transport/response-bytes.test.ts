import assert from 'node:assert/strict';
import { HttpResponse } from '../../src/http/response';
import { responseBytes } from '../../src/transport/response-bytes';

describe('responseBytes', () => {
  it('writes a whole response', async () => {
    const response = new HttpResponse({
      status: 403,
      reason: 'No',
      headers: { 'X-a': 'b' },
      body: 'go away',
    });
    assert.equal(
      (await responseBytes(response)).toString('latin1'),
      'HTTP/1.1 403 No\r\nX-a: b\r\nContent-Length: 7\r\nConnection: close\r\n\r\ngo away',
    );
  });
});
