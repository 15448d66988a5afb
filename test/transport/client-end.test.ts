import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { HttpResponse } from '../../src/http/response';
import { Body } from '../../src/http/body';
import { abortOf, closeTransports, startTransport } from '../support/transport';

const CLOSE = 'Connection: close\r\n\r\n';
const get = (end = '\r\n') => `GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${end}`;
const post = (lines: string, body: string) =>
  `POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${lines}\r\n${body}`;
const ok = (body = '') => new HttpResponse({ body });

describe("the client's end", () => {
  afterEach(closeTransports);

  it('reads bodies into memory, longer ones into a file', async () => {
    const { say, seen } = await startTransport({
      limits: { heldBody: 4 },
      exchange: async ({ body }, client) => {
        assert.equal(body.kind, 'stream');
        await client.readBody();
        return ok(`${seen.at(-1)?.request.body.kind} ${await seen.at(-1)?.request.body.text()}`);
      },
    });
    assert.match(await say(post(`Content-Length: 4\r\n${CLOSE.trimEnd()}\r\n`, 'four')), /memory four$/);
    assert.match(await say(post(`Content-Length: 5\r\n${CLOSE.trimEnd()}\r\n`, 'fives')), /file fives$/);
    assert.throws(() => seen[1]?.request.body.bytesSync(), 'gone with the exchange');
  });

  it('reads trailers and says when the request ended', async () => {
    const { say, seen } = await startTransport({
      exchange: async (_, client) => {
        await client.readBody();
        return ok();
      },
    });
    const chunked = 'Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n';
    await say(post(chunked, '3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n'));
    assert.deepEqual(seen[0]?.request.trailers.toRaw(), ['X-Sum', '6']);
    assert.ok((seen[0].request.endedAt ?? 0) >= seen[0].request.startedAt);
  });

  it('answers Expect: 100-continue when the body is wanted', async () => {
    const { open } = await startTransport({
      exchange: async (request, client) => {
        if (request.headers.has('x-stream')) for await (const _ of request.body.chunks());
        else await client.readBody();
        return ok('done');
      },
    });
    for (const extra of ['', 'X-Stream: 1\r\n']) {
      const client = await open();
      client.send(post(`${extra}Content-Length: 2\r\nExpect: 100-continue\r\n`, ''));
      await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
      await client.send('hi').until(/done$/);
      client.close();
    }
  });

  it('does not ask for a body that nobody wants, and ends the connection then', async () => {
    const { say } = await startTransport({ exchange: () => Promise.resolve(ok('no')) });
    const answer = await say(post('Content-Length: 2\r\nExpect: 100-continue\r\n', ''));
    assert.equal(answer, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno');
  });

  it('gets its response to a client that is still sending', async () => {
    const { open } = await startTransport({ exchange: () => Promise.resolve(ok('enough')) });
    const client = (await open()).send(post('Content-Length: 9999999\r\n', 'x'.repeat(500_000)));
    assert.match(await client.end(), /Connection: close\r\n\r\nenough$/);
  });

  it('notices a client that leaves: before the response, in its request, in its response', async () => {
    const aborted: string[] = [];
    const { open } = await startTransport({
      exchange: async (request, client) => {
        if (request.headers.has('x-body')) await assert.rejects(client.readBody(), /client broke off/);
        if (request.headers.has('x-half')) {
          const endless = async function* () {
            for (;;) yield Buffer.alloc(65_536);
          };
          await assert.rejects(
            async () =>
              client.deliver(new HttpResponse({ body: Body.stream(endless()) }), () => {}, undefined),
            /client left/,
          );
        }
        await abortOf(client.signal);
        aborted.push(request.headers.get('x-half') ?? request.headers.get('x-body') ?? 'before');
      },
    });
    const first = (await open()).send(get());
    const second = (await open()).send(post('Content-Length: 9\r\nX-Body: body\r\n', 'x'));
    const third = (await open()).send(get('X-Half: half\r\n\r\n'));
    await third.until(/200 OK/);
    for (const client of [first, second, third]) client.close();
    while (aborted.length < 3) await new Promise(setImmediate);
    assert.deepEqual(aborted.sort(), ['before', 'body', 'half']);
  });

  it('does not call it leaving when the proxy kills', async () => {
    const { say, seen } = await startTransport({
      exchange: (_, client) => {
        client.kill();
        return Promise.resolve();
      },
    });
    assert.equal(await say(get()), '');
    assert.equal(seen[0]?.aborted, false);
  });

  it('passes interim responses on, but not to HTTP/1.0', async () => {
    const { say } = await startTransport({
      exchange: (_, client) => {
        for (const status of [100, 103, 200])
          client.inform({ status, headers: new HttpHeaders([['Link', '</a>'], ['Connection', 'x']]) }); // prettier-ignore
        return Promise.resolve(ok());
      },
    });
    assert.match(
      await say(get(CLOSE)),
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK/,
    );
    assert.match(await say('GET http://a.example/ HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 OK/);
  });

  it('keeps HTTP/1.0 connections only when asked', async () => {
    const { open } = await startTransport({ exchange: () => Promise.resolve(ok('x')) });
    const asked = (await open()).send('GET http://a.example/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    await asked.until(/Connection: keep-alive\r\n\r\nx$/);
    asked.clear().send('GET http://a.example/ HTTP/1.0\r\n\r\n');
    assert.equal(await asked.end(), 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx');
  });
});
