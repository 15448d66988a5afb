import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { forward, type MitmProxy } from 'replay-proxy';
import { Http2Origin, type Http2Answer } from '../support/http2-origin';
import { RawOrigin } from '../support/raw-origin';
import { needs, startProxy, stopProxies } from '../support/wire';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedAuthorityFolder } from '../support/temp';

const EARLY = {
  name: 'Early',
  apply: (proxy: MitmProxy) =>
    proxy.hooks.requestHeaders.tap('Early', (flow) => {
      flow.stream('request');
      return forward();
    }),
};

describe('an HTTP/1.1 client before a server of HTTP/2', () => {
  const origins: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await stopProxies();
    await Promise.all(origins.splice(0).map((origin) => origin.stop()));
  });

  const start = async (answer: Http2Answer, addons: Parameters<typeof startProxy>[0] = []) => {
    const origin = await Http2Origin.start('https', answer);
    origins.push(origin);
    const ca = readFileSync(path.join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');
    const proxy = await startProxy(addons, { upstream: { ca } });
    return { origin, proxy, client: await proxy.tunnel('127.0.0.1', origin.port) };
  };

  it('gets what it would get from one of HTTP/1.1: interim responses, duplicates, content, trailers', async () => {
    const { proxy, client } = await start((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond(
        { ':status': 200, 'set-cookie': ['a=1', 'b=2'], trailer: 'x-sum' },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }));
      stream.end('content');
    });
    client.send('GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    const received = await client.until(/0\r\nx-sum: 7\r\n\r\n$/);
    assert.match(received, /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1\.1 200 \r\n/);
    assert.match(received, /\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/);
    assert.match(received, /\r\n\r\n7\r\ncontent\r\n0\r\n/);
    await proxy.proxy.stop();
    const [flow] = proxy.flows;
    assert.deepEqual([flow!.outcome, flow!.response!.httpVersion], ['forwarded', '2.0']);
  });

  it('sends content in chunks with trailers, held or streamed', async () => {
    const got: string[][] = [];
    const answer: Http2Answer = (stream) => {
      let content = '';
      let trailers: string[] = [];
      stream.on('data', (chunk: Buffer) => (content += chunk.toString()));
      stream.on('trailers', (_trailers: unknown, _flags: number, raw: string[]) => (trailers = raw));
      stream.on('end', () => {
        got.push([content, ...trailers]);
        stream.respond({ ':status': 204 });
        stream.end();
      });
    };
    for (const addons of [[], [EARLY]]) {
      const { client } = await start(answer, addons);
      client.send(
        'PUT / HTTP/1.1\r\nHost: x\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n',
      );
      await client.until(/^HTTP\/1\.1 204 /);
    }
    assert.deepEqual(got, [
      ['ab', 'x-sum', '7'],
      ['ab', 'x-sum', '7'],
    ]);
  });

  it('is cut off when the stream is reset in mid-body, or told of it when nothing was passed on yet', async () => {
    const { proxy, client } = await start((stream, headers) => {
      const type = headers[':path'] === '/events' ? 'text/event-stream' : 'text/plain';
      stream.respond({ ':status': 200, 'content-type': type });
      stream.write('half', () => stream.destroy(new Error('broken')));
    });
    client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until(
      /^HTTP\/1\.1 502 [^]+ reset the stream \(INTERNAL_ERROR\) after 4 bytes, before the end of its response\n$/,
    );
    client.clear().send('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(await client.end(), /\r\n\r\n4\r\nhalf\r\n$/);
    await proxy.proxy.stop();
    assert.deepEqual(
      proxy.flows.map(({ outcome }) => outcome),
      ['failed', 'failed'],
    );
  });

  it('is served by curl, too, which notices nothing', async function () {
    needs(this, 'curl');
    const { proxy, origin } = await start((stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(`${String(headers[':method'])} ${String(headers[':authority'])}`);
    });
    const curl = spawn('curl', [
      ...['-sS', '--http1.1', '-x', proxy.proxy.url, '--cacert', proxy.caFile],
      ...['-X', 'PROPFIND', `https://127.0.0.1:${origin.port}/pot`],
    ]);
    let output = '';
    for await (const chunk of curl.stdout) output += String(chunk);
    assert.equal(output, `PROPFIND 127.0.0.1:${origin.port}`);
  });
});

describe('a client that waits for 100', () => {
  let origin: RawOrigin;
  afterEach(async () => {
    await stopProxies();
    await origin.stop();
  });

  const head = (more = '') =>
    `PUT http://${origin.where}/ HTTP/1.1\r\nHost: ${origin.where}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${more}\r\n`;

  it('is told by upstream when the request is forwarded at once', async () => {
    let isAsked: () => void = () => {};
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    origin = await RawOrigin.start((socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n')) isAsked();
      if (soFar.endsWith('ab')) socket.write('HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n');
    });
    const proxy = await startProxy([EARLY]);
    const client = (await proxy.open()).send(head());
    await asked;
    assert.equal(client.received, '');
    origin.sockets[0]!.write('HTTP/1.1 100 Continue\r\n\r\n');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.clear().send('ab');
    await client.until(/^HTTP\/1\.1 201 Made\r\n/);
    assert.match(origin.received[0]!, /\r\nExpect: 100-continue\r\n/);
  });

  it('gets the answer instead when upstream has no use for the content', async () => {
    origin = await RawOrigin.always('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno');
    const proxy = await startProxy([EARLY]);
    const received = await (await proxy.open()).send(head()).end();
    assert.match(received, /^HTTP\/1\.1 417 No\r\n[^]*Connection: close\r\n\r\nno$/);
  });

  it('is told by us when the content is needed here', async () => {
    origin = await RawOrigin.start((socket, soFar) => {
      if (soFar.endsWith('ab')) socket.write('HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n');
    });
    const proxy = await startProxy([]);
    const client = (await proxy.open()).send(head());
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.clear().send('ab');
    await client.until(/^HTTP\/1\.1 201 Made\r\n/);
    assert.doesNotMatch(origin.received[0]!, /expect/i);
  });
});
