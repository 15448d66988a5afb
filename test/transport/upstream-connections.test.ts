import assert from 'node:assert/strict';
import type { ServerHttp2Stream } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { UpstreamError } from '../../src/errors';
import { HttpRequest } from '../../src/http/request';
import { DEFAULT_LIMITS } from '../../src/transport/options';
import { createUpstream } from '../../src/transport/upstream';
import { Http2Origin } from '../support/http2-origin';
import { Origin } from '../support/origin';
import { contentOf, RawOrigin, send, until } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const ok = (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe('connections to upstream', () => {
  const origins: { stop(): Promise<void> }[] = [];
  afterEach(() => Promise.all(origins.splice(0).map((origin) => origin.stop())));

  const http2Origin = async (...args: Parameters<typeof Http2Origin.start>) => {
    const origin = await Http2Origin.start(...args);
    origins.push(origin);
    return origin;
  };

  const rawOrigin = async (answer: (socket: Socket, soFar: string) => void) => {
    const origin = await RawOrigin.start(answer);
    origins.push(origin);
    return origin;
  };

  it('speak what TLS agrees on, whatever the client speaks', async () => {
    const origin = await http2Origin('https', ok, { allowHTTP1: false });
    for (const httpVersion of ['1.0', '1.1', '2.0']) {
      const response = await send(origin.client(), origin.request({ httpVersion }));
      assert.deepEqual([response.httpVersion, await contentOf(response)], ['2.0', 'ok']);
    }
  });

  it('speak HTTP/1.1 to a server that does not offer HTTP/2, and when told to', async () => {
    const http1 = await Origin.start(sharedAuthorityFolder());
    origins.push(http1);
    const both = await http2Origin('https', ok, { allowHTTP1: true });
    both.server.on('request', (request, response) => request.httpVersionMajor === 1 && response.end('one'));
    const request = HttpRequest.to(`${http1.url}/text`);
    assert.equal((await send(both.client(), request)).httpVersion, '1.1');
    const told = await send(both.client({}, { http2: false }), both.request());
    assert.deepEqual([told.httpVersion, await contentOf(told)], ['1.1', 'one']);
  });

  it('are opened once for a hundred first requests when HTTP/2 is spoken, as wide as the server allows', async () => {
    const waiting: ServerHttp2Stream[] = [];
    const origin = await http2Origin('https', (stream) => void waiting.push(stream));
    const upstream = origin.client();
    const all = Array.from({ length: 100 }, () => send(upstream, origin.request()));
    await until(() => waiting.length === 100);
    assert.equal(origin.connections, 1);
    waiting.forEach(ok);
    for (const response of await Promise.all(all)) assert.equal(await contentOf(response), 'ok');
  });

  it('are as many as it takes when the server allows few streams on each', async () => {
    const waiting: ServerHttp2Stream[] = [];
    const origin = await http2Origin('https', (stream) => void waiting.push(stream), {
      settings: { maxConcurrentStreams: 3 },
    });
    const upstream = origin.client();
    const all = Array.from({ length: 10 }, () => send(upstream, origin.request()));
    await until(() => waiting.length === 10);
    assert.equal(origin.connections, 4);
    waiting.forEach(ok);
    for (const response of await Promise.all(all)) assert.equal(await contentOf(response), 'ok');
  });

  it('are opened side by side when HTTP/1.1 is spoken', async () => {
    const origin = await Origin.start(sharedAuthorityFolder());
    origins.push(origin);
    const { client } = await http2Origin('https', ok).then((other) => ({ client: other.client() }));
    const all = Array.from({ length: 5 }, () => send(client, HttpRequest.to(`${origin.url}/endless`)));
    for (const response of await Promise.all(all)) response.body.cancel();
    assert.equal(origin.connections, 5);
  });

  it('that cannot be opened fail all who wait for them, but a client that leaves fails only itself', async () => {
    const origin = await http2Origin('https', ok);
    const upstream = origin.client();
    const left = new AbortController();
    const first = send(upstream, origin.request(), { signal: left.signal });
    const second = send(upstream, origin.request());
    left.abort();
    await assert.rejects(first, /was given up before it stood$/);
    assert.equal(await contentOf(await second), 'ok');
    const refused = createUpstream({ insecure: false }, DEFAULT_LIMITS, Date.now);
    await Promise.all(
      [1, 2, 3].map(() => assert.rejects(send(refused, origin.request()), /certificate of .+ was refused/)),
    );
  });

  it('speak HTTP/2 without TLS only when the client does and the server takes it', async () => {
    const origin = await http2Origin('http', ok);
    const upstream = origin.client();
    assert.equal((await send(upstream, origin.request())).httpVersion, '2.0');
    await Promise.all([1, 2, 3].map(async () => contentOf(await send(upstream, origin.request()))));
    assert.equal(origin.connections, 1);
    await assert.rejects(send(upstream, origin.request({ httpVersion: '1.1' })));
  });

  for (const [name, answer] of [
    ['refuses the preface', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['closes', (socket) => socket.destroy()],
  ] as [string, (socket: Socket) => void][]) {
    it(`speak HTTP/1.1 to a server without TLS that ${name}, and remember it`, async () => {
      const origin = await rawOrigin((socket, soFar) => {
        if (soFar.startsWith('PRI * ')) answer(socket);
        else socket.write(OK);
      });
      const upstream = origin.client();
      for (const method of ['POST', 'POST', 'GET']) {
        const request = origin.request({ method, httpVersion: '2.0', body: method === 'POST' ? 'x' : '' });
        const response = await send(upstream, request);
        assert.deepEqual([response.httpVersion, await contentOf(response)], ['1.1', 'ok']);
      }
      assert.equal(origin.sockets.length, 2);
    });
  }

  it('speak HTTP/1.1 to a server without TLS that says nothing to HTTP/2', async () => {
    const origin = await rawOrigin((socket, soFar) => soFar.startsWith('PRI') || socket.write(OK));
    const upstream = origin.client({ upstreamConnect: 100 });
    assert.equal(await contentOf(await send(upstream, origin.request({ httpVersion: '2.0' }))), 'ok');
  });

  it('fail, and do not go over to HTTP/1.1, when one breaks off whose server is known to speak HTTP/2', async () => {
    const origin = await http2Origin('http', ok);
    const upstream = origin.client();
    const ask = () => send(upstream, origin.request());
    assert.equal((await ask()).httpVersion, '2.0');
    origin.cut();
    await until(() => origin.open === 0);
    origin.server.once('connection', (socket: Socket) => socket.destroy());
    await assert.rejects(ask(), UpstreamError);
    assert.equal((await ask()).httpVersion, '2.0');
    assert.equal(origin.connections, 3);
  });

  it('go over to HTTP/1.1 when the server asks for that', async () => {
    const HTTP_1_1_REQUIRED = 13;
    const origin = await http2Origin('https', (stream) => stream.close(HTTP_1_1_REQUIRED), {
      allowHTTP1: true,
    });
    origin.server.on('request', (request, response) => request.httpVersionMajor === 1 && response.end('one'));
    const upstream = origin.client();
    for (let i = 0; i < 2; i++) {
      const response = await send(upstream, origin.request({ method: 'POST', body: 'x' }));
      assert.deepEqual([response.httpVersion, await contentOf(response)], ['1.1', 'one']);
    }
    assert.equal(origin.connections, 2);
  });

  it('end when they have been idle for long enough', async () => {
    const origin = await http2Origin('https', ok);
    const upstream = origin.client({ idle: 50 });
    for (let i = 0; i < 2; i++) await contentOf(await send(upstream, origin.request()));
    assert.equal(origin.connections, 1);
    await until(() => origin.open === 0);
    await contentOf(await send(upstream, origin.request()));
    assert.equal(origin.connections, 2);
  });

  it('are closed at once, used or idle, and none is opened from then on', async () => {
    const origin = await http2Origin(
      'https',
      (stream, headers) => headers[':path'] === '/waits' || ok(stream),
    );
    const upstream = origin.client();
    await contentOf(await send(upstream, origin.request()));
    const waits = assert.rejects(send(upstream, origin.request({ path: '/waits' })), /closed the connection/);
    await delay(5);
    await upstream.close();
    await waits;
    await assert.rejects(send(upstream, origin.request()), /was not asked, because the proxy stops$/);
  });
});
