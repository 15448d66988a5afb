import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { refuseLoops } from '../../src/transport/loop-guard';
import { announceListener } from '../../src/transport/own-listeners';

describe('refuseLoops', () => {
  const options = { signal: new AbortController().signal, inform: () => {}, contact: () => {} };

  it('sends what goes elsewhere, and answers 508 for what comes back to us', async () => {
    let sent = 0;
    const send = refuseLoops(() => {
      sent += 1;
      return Promise.resolve(new HttpResponse());
    });
    const forget = announceListener({ host: '127.0.0.1', port: 65_002 });
    try {
      await send(HttpRequest.to('http://127.0.0.1:65003/'), options);
      const loop = send(HttpRequest.to('http://127.0.0.1:65002/'), options);
      await assert.rejects(loop, { status: 508, message: /is this proxy itself/ });
      assert.equal(sent, 1);
    } finally {
      forget();
    }
  });
});
