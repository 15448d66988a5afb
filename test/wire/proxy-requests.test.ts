import assert from 'node:assert/strict';
import { closeTransports, startTransport } from '../support/transport';

const CLOSE = 'Connection: close\r\n\r\n';

describe('requests over the wire', () => {
  afterEach(closeTransports);

  it('are answered in absolute-form', async () => {
    const { say, seen } = await startTransport();
    const answer = await say(`GET http://shop.example/a?b HTTP/1.1\r\nHost: shop.example\r\n${CLOSE}`);
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(answer, /\r\n\r\nGET http:\/\/shop\.example\/a\?b\n$/);
    assert.equal(seen[0]?.request.headers.get('host'), 'shop.example');
  });
});
