import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { loopError, refuseLoops } from '../../src/transport/loop-guard';

describe('refuseLoops', () => {
  const options = { signal: new AbortController().signal, inform: () => {}, contact: () => {} };

  it('sends what goes elsewhere, and nothing that comes back to us', async () => {
    let sent = 0;
    const send = refuseLoops(
      () => Promise.resolve(new HttpResponse({ status: 200 + sent++ })),
      ({ host }) => {
        if (host === 'us.example') return Promise.reject(loopError(host));
        return host === 'shop.example' ? undefined : Promise.resolve();
      },
    );
    await send(HttpRequest.to('http://shop.example/'), options);
    await send(HttpRequest.to('http://on-our-port.example/'), options);
    const loop = send(HttpRequest.to('http://us.example/'), options);
    await assert.rejects(loop, { status: 508, message: /^us\.example is this proxy itself/ });
    assert.equal(sent, 2);
  });
});
