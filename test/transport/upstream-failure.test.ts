import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { statusOf, UpstreamError } from '../../src/errors';
import { Body } from '../../src/http/body';
import { contentOf, RawOrigin, send, until } from '../support/raw-origin';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('upstream when something goes wrong', () => {
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  /** An UpstreamError of this status with this sentence; `<where>` stands for host and port. */
  const failsWith =
    (status: number, sentence: string) =>
    (error: unknown): boolean => {
      assert.ok(error instanceof UpstreamError, String(error));
      assert.equal(error.message.replace(origin.where, '<where>'), sentence);
      assert.deepEqual([statusOf(error), error.code], [status, 'ERR_UPSTREAM']);
      return true;
    };

  for (const [title, bytes, then, sentence] of [
    [
      'no HTTP',
      'SSH-2.0-x\r\n',
      'keep',
      'sent what is no HTTP/1.1 response: it does not begin with a status line',
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc',
      'keep',
      'sent what is no HTTP/1.1 response: its header block is malformed or contradicts itself',
    ],
    [
      'two framings',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc',
      'keep',
      "sent what is no HTTP/1.1 response: Content-Length can't be present with Transfer-Encoding",
    ],
    [
      'another transfer coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      'keep',
      'sent a response in a transfer coding that is not read here: gzip, chunked',
    ],
    ['a close', '', 'end', 'closed the connection before it sent a response'],
    ['a reset', '', 'reset', 'reset the connection before it sent a response'],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-', 'end', 'closed the connection before it sent a response'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      'keep',
      'switched protocols, which it was not asked to',
    ],
    [
      'a long header block',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(5000)}\r\n\r\n`,
      'keep',
      'sent a header block of more than 4096 bytes',
    ],
  ] as const) {
    it(`says so when it sends ${title}`, async () => {
      origin = await RawOrigin.always(bytes, then);
      const upstream = origin.client({ headerBlock: 4096 });
      await assert.rejects(send(upstream, origin.request()), failsWith(502, `<where> ${sentence}`));
      assert.equal(origin.sockets.length, 1);
    });
  }

  for (const [title, head, then, sentence] of [
    ['a length closes', 'Content-Length: 10', 'end', 'closed the connection after 5 of 10 bytes'],
    [
      'a length and close closes',
      'Connection: close\r\nContent-Length: 10',
      'end',
      'closed the connection after 5 of 10 bytes',
    ],
    ['a length resets', 'Content-Length: 10', 'reset', 'reset the connection after 5 of 10 bytes'],
    [
      'no length resets',
      'Connection: close',
      'reset',
      'reset the connection after 5 bytes, before the end of its response',
    ],
  ] as const) {
    it(`cuts the content short when a response with ${title}`, async () => {
      origin = await RawOrigin.always(`HTTP/1.1 200 OK\r\n${head}\r\n\r\nhello`, then);
      const response = await send(origin.client(), origin.request());
      const read: string[] = [];
      await assert.rejects(
        async () => {
          for await (const chunk of response.body.chunks()) read.push(chunk.toString());
        },
        failsWith(502, `<where> ${sentence}`),
      );
      assert.deepEqual([read.join(''), response.endedAt], ['hello', undefined]);
    });
  }

  for (const [close, title] of [
    ['', 'kept'],
    ['Connection: close\r\n', 'closed'],
  ] as const) {
    it(`cuts the content short when chunks stop on a connection to be ${title}`, async () => {
      const head = `HTTP/1.1 200 OK\r\n${close}Transfer-Encoding: chunked\r\n\r\n`;
      origin = await RawOrigin.always(`${head}5\r\nhello\r\n`, 'end');
      const sentence = '<where> closed the connection after 5 bytes, before the end of its response';
      await assert.rejects(
        contentOf(await send(origin.client(), origin.request())),
        failsWith(502, sentence),
      );
    });
  }

  it('cuts the content short when a chunk is malformed', async () => {
    origin = await RawOrigin.always(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n',
    );
    await assert.rejects(
      contentOf(await send(origin.client(), origin.request())),
      failsWith(502, '<where> sent what is no HTTP/1.1 response: Invalid character in chunk size'),
    );
  });

  it('gives up on a head that does not come, and on content that stops: 504', async () => {
    origin = await RawOrigin.start((socket, soFar) => {
      if (soFar.startsWith('GET /body')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
    });
    const upstream = origin.client({ upstreamResponse: 100 });
    await assert.rejects(
      send(upstream, origin.request()),
      failsWith(504, '<where> sent no response within 0.1 s'),
    );
    await assert.rejects(
      contentOf(await send(upstream, origin.request({ path: '/body' }))),
      failsWith(504, '<where> sent nothing for 0.1 s after 5 of 9 bytes'),
    );
    await until(() => origin.sockets.every((socket) => socket.destroyed));
  });

  it('takes no content for whole that ends with its connection, when it is given up or closed', async () => {
    origin = await RawOrigin.always('HTTP/1.1 200 OK\r\n\r\nhello');
    const upstream = origin.client({ upstreamResponse: 50 });
    await assert.rejects(
      contentOf(await send(upstream, origin.request())),
      failsWith(504, '<where> sent nothing for 0.05 s after 5 bytes, before the end of its response'),
    );
    const response = await send(upstream, origin.request());
    await upstream.close();
    await assert.rejects(contentOf(response), /closed from this side/);
    assert.equal(response.endedAt, undefined);
  });

  it('passes over 100 Continue that it did not ask for', async () => {
    origin = await RawOrigin.always(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
    assert.equal(await contentOf(await send(origin.client(), origin.request())), 'ok');
  });

  it('lets an event stream be silent', async () => {
    origin = await RawOrigin.start((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n:\n');
      setTimeout(() => socket.end('data: late\n\n'), 150);
    });
    const upstream = origin.client({ upstreamResponse: 50 });
    assert.equal(await contentOf(await send(upstream, origin.request())), ':\ndata: late\n\n');
  });

  it('names the host and the cause when there is no connection', async () => {
    origin = await RawOrigin.always(OK);
    const gone = await RawOrigin.always(OK);
    const { where } = gone;
    const request = gone.request();
    await gone.stop();
    await assert.rejects(send(origin.client(), request), {
      message: `${where} refused the connection; check that a server runs there`,
    });
    const nowhere = origin.request({ host: 'nowhere.invalid', port: 80 });
    await assert.rejects(
      send(origin.client(), nowhere),
      /^UpstreamError: (?:the host of nowhere\.invalid:80 (?:does not exist|could not be looked up)|no connection to)/,
    );
  });

  it('gives up on a connection that does not come to stand: 504', async () => {
    origin = await RawOrigin.always('');
    const request = origin.request({ scheme: 'https' });
    const sentence = 'no connection to <where> within 0.05 s';
    await assert.rejects(send(origin.client({ upstreamConnect: 50 }), request), failsWith(504, sentence));
    await until(() => origin.sockets[0]?.destroyed === true);
  });

  it('never uses the path as a name of a local socket', async () => {
    origin = await RawOrigin.always(OK);
    const response = await send(origin.client(), origin.request({ path: '/var/run/docker.sock' }));
    assert.equal(await contentOf(response), 'ok');
    assert.match(origin.received[0]!, /^GET \/var\/run\/docker\.sock HTTP/);
  });

  for (const [title, bytes] of [
    ['before a response', ''],
    ['in the middle of a response', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'],
    ['in the middle of one that ends with its connection', 'HTTP/1.1 200 OK\r\n\r\nhello'],
  ] as const) {
    it(`lets go of the connection when the signal aborts ${title}`, async () => {
      origin = await RawOrigin.always(bytes);
      const abort = new AbortController();
      const asked = (async () =>
        contentOf(await send(origin.client(), origin.request(), { signal: abort.signal })))();
      const refused = assert.rejects(asked, /was left, because the client has gone/);
      await until(() => origin.received[0]?.endsWith('\r\n\r\n') === true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const from = Date.now();
      abort.abort();
      await Promise.all([refused, once(origin.sockets[0]!, 'close')]);
      assert.ok(Date.now() - from < 200);
    });
  }

  it('lets go of the connection when the signal aborts during the handshake, and asks nothing of an aborted one', async () => {
    origin = await RawOrigin.always('');
    const abort = new AbortController();
    const asked = send(origin.client(), origin.request({ scheme: 'https' }), { signal: abort.signal });
    const refused = assert.rejects(asked, /was given up before it stood/);
    await until(() => origin.sockets.length === 1);
    abort.abort();
    await refused;
    await until(() => origin.sockets[0]!.destroyed);
    await assert.rejects(
      send(origin.client(), origin.request(), { signal: abort.signal }),
      /was not asked, because the client has gone/,
    );
    assert.equal(origin.sockets.length, 1);
  });

  it('lets go of the connection when the body is cancelled or its reader leaves', async () => {
    origin = await RawOrigin.always('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
    const upstream = origin.client();
    (await send(upstream, origin.request())).body.cancel();
    await until(() => origin.sockets[0]!.destroyed);
    for await (const _ of (await send(upstream, origin.request())).body.chunks()) break;
    await until(() => origin.sockets[1]!.destroyed);
  });

  it('tells of a request body that is not as long as announced, or breaks off', async () => {
    origin = await RawOrigin.start(() => {});
    const put = (chunks: AsyncIterable<Buffer>) =>
      send(
        origin.client(),
        origin.request({ method: 'PUT', headers: { 'Content-Length': '4' }, body: Body.stream(chunks) }),
      );
    async function* short() {
      yield Buffer.from('ab');
    }
    async function* broken() {
      yield Buffer.from('ab');
      throw new Error('the client closed the connection');
    }
    await assert.rejects(
      put(short()),
      failsWith(502, '<where> did not get the request: its body is not as long as its Content-Length says'),
    );
    await assert.rejects(
      put(broken()),
      failsWith(502, 'the exchange with <where> broke off: the client closed the connection'),
    );
  });

  it('reads an answer that comes before the request is whole, and lets go of the connection', async () => {
    origin = await RawOrigin.start((socket) => socket.write('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n'));
    let more = true;
    async function* endless() {
      while (more) {
        yield Buffer.from('x');
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    const request = origin.request({ method: 'PUT', body: Body.stream(endless()) });
    const response = await send(origin.client(), request);
    assert.equal(response.status, 413);
    await until(() => origin.sockets[0]!.destroyed);
    more = false;
  });
});

describe('upstream that listens on IPv6', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('is reached by its address, or the test is skipped where there is no IPv6', async function () {
    server = createServer((socket) => socket.on('error', () => {}).end(OK));
    server.listen(0, '::1');
    const [failure] = await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(
      (error) => [error],
    );
    if (failure) return this.skip();
    const origin = await RawOrigin.always('');
    const { port } = server.address() as AddressInfo;
    const upstream = origin.client();
    assert.equal(await contentOf(await send(upstream, origin.request({ host: '::1', port }))), 'ok');
    assert.deepEqual([...upstream.contacted], [`[::1]:${port}`]);
    await origin.stop();
  });
});
