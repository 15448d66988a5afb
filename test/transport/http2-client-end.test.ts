import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { HttpResponse } from '../../src/http/response';
import { answerOf, ask, closeHttp2Clients, openHttp2 } from '../support/http2-client';
import { abortOf, closeTransports, startTransport, type TestTransportInit } from '../support/transport';

const reverse = { scheme: 'http', host: 'origin.example', port: 80 } as const;
const GET = { ':path': '/' };
const POST = { ':method': 'POST', ':path': '/' };

describe("the client's end over HTTP/2", () => {
  afterEach(async () => {
    closeHttp2Clients();
    await closeTransports();
  });

  async function start(init: TestTransportInit = {}) {
    const test = await startTransport({ ...init, options: { reverse, ...init.options } });
    return { ...test, session: await openHttp2(test.transport.address) };
  }

  const streamed = (...parts: (string | Error | Promise<unknown>)[]) =>
    Body.stream(
      (async function* () {
        for (const part of parts) {
          if (part instanceof Error) throw part;
          if (typeof part === 'string') yield Buffer.from(part);
          else await part;
        }
      })(),
    );

  it('reads bodies into memory, longer ones into a file, and trailers', async () => {
    const kinds: string[] = [];
    const { session, seen } = await start({
      limits: { heldBody: 4 },
      exchange: async ({ body }, client) => {
        kinds.push(body.kind);
        await client.readBody();
        const { request } = seen.at(-1)!;
        return new HttpResponse({ body: `${request.body.kind} ${await request.body.text()}` });
      },
    });
    assert.equal(String((await ask(session, POST, 'four')).body), 'memory four');
    const stream = session.request(POST, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': '6' }));
    stream.end('fives');
    assert.equal(String((await answerOf(stream)).body), 'file fives');
    assert.deepEqual(seen[1]?.request.trailers.toRaw(), ['x-sum', '6']);
    assert.ok((seen[1].request.endedAt ?? 0) >= seen[1].request.startedAt);
    assert.equal((await ask(session, GET)).status, 200);
    assert.deepEqual([seen[2]?.request.body.length, seen[2]?.request.endedAt === undefined], [0, false]);
    assert.deepEqual(kinds, ['stream', 'stream', 'memory']);
  });

  it('sends status, headers and body, and nothing that is about a connection of HTTP/1', async () => {
    const { session } = await start({
      exchange: () =>
        Promise.resolve(
          new HttpResponse({
            status: 299,
            reason: 'has no place',
            headers: [
              ['X-Two', '1'],
              ['Connection', 'X-Hop'],
              ['X-Hop', 'gone'],
              ['Keep-Alive', 'timeout=5'],
              ['Transfer-Encoding', 'chunked'],
              ['Set-Cookie', 'a=1'],
              ['set-cookie', 'b=2'],
              ['ETag', '"1"'],
              ['etag', '"2"'],
              ['x-two', 'caf\xe9'],
            ],
            body: 'hello',
          }),
        ),
    });
    const { status, lines, body, code } = await ask(session, GET);
    assert.deepEqual([status, String(body), code], [299, 'hello', 0]);
    assert.deepEqual(lines, [
      'x-two: 1',
      'x-two: caf\xe9',
      'set-cookie: a=1',
      'set-cookie: b=2',
      'etag: "1", "2"',
      'content-length: 5',
    ]);
  });

  it('keeps repeated lines that HTTP/2 has a way to send', async () => {
    const { session } = await start({
      exchange: () =>
        Promise.resolve(new HttpResponse({ headers: [['Via', 'a'], ['X', '0'], ['via', 'b']] })), // prettier-ignore
    });
    assert.deepEqual((await ask(session, GET)).lines, ['via: a', 'via: b', 'x: 0']);
  });

  for (const [what, headers, init, expected] of [
    [
      'HEAD',
      { ':method': 'HEAD', ':path': '/' },
      { headers: { 'Content-Length': '9' } },
      ['content-length: 9'],
    ],
    ['a 304', GET, { status: 304, headers: { 'Content-Length': '9' } }, ['content-length: 9']],
    ['a 204', GET, { status: 204 }, []],
    ['a 205', GET, { status: 205 }, []],
    ['what names no length', GET, {}, []],
    ['an empty body', GET, { headers: { 'Content-Length': '7' } }, ['content-length: 0']],
  ] as const) {
    it(`answers ${what} without content`, async () => {
      let delivered: () => void;
      const end = new Promise<void>((resolve) => (delivered = resolve));
      const { session } = await start({
        exchange: async (_, client) => {
          await client.deliver(new HttpResponse(init), () => {}, undefined);
          delivered();
        },
      });
      const { lines, body, code } = await ask(session, headers);
      assert.deepEqual([lines, body.length, code], [expected, 0, 0]);
      await end;
    });
  }

  it('sends trailers, with a length or without, with a body or without', async () => {
    const bodies = [Body.from('abc'), streamed('a', 'bc'), Body.empty];
    const { session } = await start({
      exchange: () =>
        Promise.resolve(
          new HttpResponse({ body: bodies.shift()!, trailers: [['X-Sum', '6'], ['Content-Length', '9']] }), // prettier-ignore
        ),
    });
    const answers = [await ask(session, GET), await ask(session, GET), await ask(session, GET)];
    assert.deepEqual(
      answers.map(({ headers, body, trailers }) => [
        headers['content-length'],
        String(body),
        trailers['x-sum'],
      ]),
      [
        ['3', 'abc', '6'],
        [undefined, 'abc', '6'],
        [undefined, '', '6'],
      ],
    );
  });

  it('holds the last bytes back, of a response without content the head', async () => {
    let letGo: () => void = () => {};
    const bodies = [Body.from('held'), streamed('first'), Body.empty];
    const { session } = await start({
      exchange: async (_, client) => {
        const held = new Promise<void>((resolve) => (letGo = resolve));
        await client.deliver(
          new HttpResponse({ body: bodies.shift()! }),
          () => {},
          () => held,
        );
      },
    });
    for (const [seenBefore, headBefore] of [
      ['', false],
      ['first', true],
      ['', false],
    ] as const) {
      // prettier-ignore
      const answer = ask(session, GET);
      let early = '';
      let head = false;
      answer.stream.on('data', (chunk) => (early += String(chunk))).on('response', () => (head = true));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual([early, head], [seenBefore, headBefore]);
      letGo();
      assert.equal((await answer).code, 0);
    }
  });

  it('passes interim responses on, and asks for the body that a client holds back', async () => {
    const { session } = await start({
      exchange: async (_, client) => {
        client.inform({ status: 103, headers: new HttpHeaders({ link: '</a>', 'Keep-Alive': 'no' }) });
        client.inform({ status: 101, headers: new HttpHeaders() });
        await client.readBody();
        return new HttpResponse();
      },
    });
    const answer = ask(session, { ...POST, expect: '100-continue' }, 'later');
    await once(answer.stream, 'continue');
    answer.stream.end('body');
    assert.deepEqual((await answer).interim, [103, 100]);
  });

  it('resets the stream when it is killed, before the head and in the middle', async () => {
    const { session } = await start({
      exchange: async ({ path }, client) => {
        if (path === '/') return client.kill();
        const never = streamed('some', abortOf(client.signal));
        const delivery = client.deliver(new HttpResponse({ body: never }), () => {}, undefined);
        setTimeout(() => client.kill(), 20);
        await delivery!.catch(() => {});
      },
    });
    const early = await ask(session, GET);
    assert.deepEqual([early.status, early.code], [undefined, constants.NGHTTP2_INTERNAL_ERROR]);
    const late = await ask(session, { ':path': '/late' });
    assert.deepEqual([late.status, late.code], [200, constants.NGHTTP2_INTERNAL_ERROR]);
    assert.equal(session.destroyed, false);
  });

  for (const [what, init] of [
    ['a body that breaks off', { body: () => streamed('some', new Error('cut')) }],
    ['a body that is too short', { headers: { 'content-length': '9' }, body: () => streamed('some') }],
    ['a body that is too long', { headers: { 'content-length': '2' }, body: () => streamed('so', 'me') }],
  ] as const) {
    it(`resets the stream for ${what}`, async () => {
      const { session } = await start({
        exchange: () => Promise.resolve(new HttpResponse({ ...init, body: init.body() })),
      });
      const { status, code } = await ask(session, GET);
      assert.deepEqual([status, code], [200, constants.NGHTTP2_INTERNAL_ERROR]);
    });
  }

  it('knows when the client has gone, alone or with all its streams', async () => {
    const { session, seen } = await start({ exchange: (_, client) => abortOf(client.signal) });
    const one = ask(session, GET);
    const other = ask(session, POST, 'later');
    while (seen.length < 2) await new Promise(setImmediate);
    one.stream.close(constants.NGHTTP2_CANCEL);
    while (!seen[0]?.aborted) await new Promise(setImmediate);
    assert.equal(seen[1]?.aborted, false);
    session.destroy();
    while (!seen[1]?.aborted) await new Promise(setImmediate);
    await Promise.all([one, other]);
  });

  it('does not take a cancelled request for a whole one', async () => {
    const failures: string[] = [];
    const { session } = await start({
      exchange: async (_, client) => {
        await client.readBody().then(
          () => failures.push('none'),
          (error: Error) => failures.push(error.message),
        );
      },
    });
    // Node's client ends what it cancels; it is the length that gives it away.
    const answer = ask(session, { ...POST, 'content-length': 9 }, 'later');
    answer.stream.write('half');
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer.stream.close(constants.NGHTTP2_CANCEL);
    await answer;
    while (failures.length === 0) await new Promise(setImmediate);
    assert.deepEqual(failures, ['the client broke off in the middle of its request']);
  });

  it('answers before the request has ended, and stops it then', async () => {
    const { session } = await start({ exchange: () => Promise.resolve(HttpResponse.text(403, 'no')) });
    const answer = ask(session, POST, 'later');
    answer.stream.write(Buffer.alloc(1_000));
    const { status, body, code } = await answer;
    assert.deepEqual([status, String(body), code], [403, 'no\n', 0]);
  });

  it('says 408 to a client that falls silent in the middle of its body', async () => {
    const { session } = await start({
      limits: { requestBody: 20 },
      exchange: async (_, client) => {
        const reason = await client.readBody().catch((error: Error) => error.message);
        return HttpResponse.text(408, String(reason));
      },
    });
    const answer = ask(session, POST, 'later');
    answer.stream.write('half');
    assert.match(String((await answer).body), /nothing more of its request's body for 0\.02 s/);
  });

  it('is slowed down by a client that does not read, and slows down one that sends', async () => {
    let sent = 0;
    let letRead: () => void = () => {};
    const mayRead = new Promise<void>((resolve) => (letRead = resolve));
    const piece = Buffer.alloc(64 * 1024);
    const endless = () =>
      Body.stream(
        (async function* () {
          for (let i = 0; i < 64; i += 1) {
            sent += 1;
            yield piece;
          }
        })(),
      );
    const { session, seen } = await start({
      exchange: async ({ method, body }) => {
        if (method === 'GET') return new HttpResponse({ body: endless() });
        await mayRead;
        let size = 0;
        for await (const chunk of body.chunks()) size += chunk.length;
        return HttpResponse.text(200, String(size));
      },
    });
    const down = session.request(GET);
    await once(down, 'response');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(sent < 20, `${sent} pieces were taken from upstream`);
    assert.equal((await answerOf(down)).body.length, 64 * piece.length);

    const up = session.request(POST);
    let taken = 0;
    for (let i = 0; i < 64; i += 1) up.write(piece, () => (taken += 1));
    while (seen.length < 2) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(taken < 20, `${taken} pieces left the client`);
    letRead();
    up.end();
    assert.equal(String((await answerOf(up)).body), `${64 * piece.length}\n`);
  });
});
