import assert from 'node:assert/strict';
import type { MitmProxy } from 'replay-proxy';
import { RawOrigin } from '../support/raw-origin';
import { startProxy, stopProxies } from '../support/wire';

describe('a client that falls silent in the middle of its request', () => {
  let origin: RawOrigin;
  beforeEach(async () => (origin = await RawOrigin.start(() => {})));
  afterEach(async () => {
    await stopProxies();
    await origin.stop();
  });

  const streamed = ({ hooks }: MitmProxy) =>
    hooks.requestHeaders.tap('Stream', (flow) => flow.stream('request'));

  for (const [kind, addons] of [
    ['held', []],
    ['streamed', [streamed]],
  ] as const) {
    for (const framing of ['Content-Length: 5\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n']) {
      it(`is told so (${kind} body, ${framing.slice(0, framing.indexOf(':'))})`, async () => {
        const proxy = await startProxy(addons, { limits: { requestBody: 50 } });
        const client = await proxy.open();
        client.send(`POST http://${origin.where}/ HTTP/1.1\r\nHost: x\r\n${framing}`);
        assert.match(
          await client.end(),
          /^HTTP\/1\.1 408 Request Timeout\r\n[^]*the client sent nothing more of its request's body for 0\.05 s\n$/,
        );
        assert.deepEqual(
          proxy.flows.map(({ outcome }) => outcome),
          ['failed'],
        );
      });
    }
  }
});
