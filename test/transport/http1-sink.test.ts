import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpResponse } from '../../src/http/response';
import { Http1Sink } from '../../src/transport/http1-sink';
import { frameResponse } from '../../src/transport/response-framing';
import { ClientGone } from '../../src/transport/response-writer';
import { RawClient } from '../support/raw-client';

describe('a sink of HTTP/1', () => {
  const server = createServer();
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  async function exchange(): Promise<{ client: RawClient; target: ServerResponse }> {
    const { port } = server.address() as AddressInfo;
    const client = await RawClient.open({ host: '127.0.0.1', port });
    const arrived = once(server, 'request');
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [, target] = (await arrived) as [unknown, ServerResponse];
    return { client, target };
  }

  const sinkOf = (target: ServerResponse, response: HttpResponse) =>
    new Http1Sink(
      target,
      response,
      frameResponse(response, { method: 'GET', httpVersion: '1.1', keepAlive: false }),
    );

  it('writes head, body and trailers', async () => {
    const { client, target } = await exchange();
    const sink = sinkOf(target, new HttpResponse({ headers: { 'X-A': '1' }, trailers: { 'X-Sum': '2' } }));
    assert.equal(sink.isHeadSent, false);
    sink.writeHead(true);
    await client.until(/X-A: 1\r\n[^]*\r\n\r\n$/);
    assert.equal(sink.isHeadSent, true);
    sink.write(Buffer.from('abc'));
    await sink.end();
    assert.match(await client.end(), /\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 2\r\n\r\n$/);
  });

  it('is through at once with what the system takes whole, and waits where it does not', async () => {
    for (const [size, isAtOnce] of [
      [5, true],
      [16 * 1024 * 1024, false],
    ] as const) {
      // prettier-ignore
      const { client, target } = await exchange();
      if (!isAtOnce) client.socket.pause();
      const body = Buffer.alloc(size, 'x');
      const written = sinkOf(target, new HttpResponse({ body })).writeWhole(body);
      assert.equal(written === undefined, isAtOnce);
      client.socket.resume();
      await written;
      client.close();
    }
  });

  it('waits for the client, and says when that has gone', async () => {
    const { client, target } = await exchange();
    const sink = sinkOf(target, new HttpResponse({ body: Buffer.alloc(64 * 1024 * 1024) }));
    sink.writeHead(false);
    client.socket.pause();
    while (sink.write(Buffer.alloc(1024 * 1024)));
    const drained = sink.drained();
    client.socket.resume();
    await drained;
    client.socket.pause();
    while (sink.write(Buffer.alloc(1024 * 1024)));
    const gone = assert.rejects(sink.drained(), ClientGone);
    client.close();
    await gone;
    assert.equal(sink.isGone, true);
    await assert.rejects(sink.drained(), ClientGone);
  });
});
