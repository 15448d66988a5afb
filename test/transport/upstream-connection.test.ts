import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { Body } from '../../src/http/body';
import { contentOf, RawOrigin, send, until } from '../support/raw-origin';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('an upstream connection that was used before', () => {
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  /** Answers the first request of the first connection, and hangs up on the second one; later connections answer. */
  const staleOnSecond = (answer: string) =>
    RawOrigin.start((socket, soFar, connection) => {
      if (connection > 0 || soFar.split(' HTTP/1.1').length === 2) socket.write(OK);
      else socket.end(answer);
    });

  it('asks once more on a new one when a safe request was not answered', async () => {
    origin = await staleOnSecond('');
    const upstream = origin.client();
    for (let i = 0; i < 2; i++) assert.equal(await contentOf(await send(upstream, origin.request())), 'ok');
    assert.equal(origin.sockets.length, 2);
  });

  for (const [title, init, answer] of [
    ['POST', { method: 'POST' }, ''],
    ['GET with content', { body: 'x' }, ''],
    ['GET that was half answered', {}, 'HTTP/1.1 2'],
  ] as const) {
    it(`does not ask once more for a ${title}`, async () => {
      origin = await staleOnSecond(answer);
      const upstream = origin.client();
      await contentOf(await send(upstream, origin.request()));
      await assert.rejects(send(upstream, origin.request(init)), {
        message: `${origin.where} closed the connection before it sent a response`,
      });
      assert.equal(origin.sockets.length, 1);
    });
  }

  it('asks on a new one, whatever the method, when nothing was written yet', async () => {
    origin = await RawOrigin.always(OK);
    const upstream = origin.client();
    await contentOf(await send(upstream, origin.request()));
    const body = Body.stream(Readable.from([Buffer.from('x\r\n\r\n')]));
    // From here, the reset is noticed after the connection was chosen and before it is written to.
    await new Promise((resolve) => setImmediate(resolve));
    origin.sockets[0]!.resetAndDestroy();
    const response = await send(upstream, origin.request({ method: 'POST', body }));
    assert.equal(await contentOf(response), 'ok');
    assert.deepEqual(
      origin.received.map((text) => text.startsWith('POST')),
      [false, true],
    );
  });
});

describe('an upstream connection that could be used again', () => {
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  const answer = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}Content-Length: 2\r\n\r\nok`;

  for (const [title, fields, init] of [
    ['content that a server may not expect was sent', '', { body: 'x' }],
    ['the server keeps it for too short a time', 'Keep-Alive: timeout=2\r\n', {}],
    ['the server closes it', 'Connection: close\r\n', {}],
  ] as const) {
    it(`is let go when ${title}`, async () => {
      origin = await RawOrigin.start((socket, soFar) => {
        if (!soFar.includes('\r\n\r\n')) return;
        socket.write(answer(fields));
      });
      const upstream = origin.client();
      for (let i = 0; i < 2; i++) await contentOf(await send(upstream, origin.request(init)));
      assert.equal(origin.sockets.length, 2);
      await until(() => origin.sockets[0]!.destroyed);
    });
  }

  it('is let go when the server has answered before it read what was sent', async () => {
    origin = await RawOrigin.start((socket, _, connection) => {
      socket.write(OK);
      if (connection === 0) socket.pause();
    });
    const upstream = origin.client();
    const long = origin.request({ method: 'POST', body: 'x'.repeat(16_000_000) });
    assert.equal(await contentOf(await send(upstream, long)), 'ok');
    assert.equal(await contentOf(await send(upstream, origin.request())), 'ok');
    assert.equal(origin.sockets.length, 2);
  });

  it('is closed when it was idle for long, by our limit or what the server says', async () => {
    for (const [fields, limits] of [
      ['', { idle: 50 }],
      ['Keep-Alive: timeout=60\r\n', { idle: 50 }],
    ] as const) {
      origin = await RawOrigin.always(answer(fields));
      const upstream = origin.client(limits);
      for (let i = 0; i < 2; i++) await contentOf(await send(upstream, origin.request()));
      await until(() => origin.sockets[0]!.destroyed);
      await origin.stop();
    }
  });

  it('fails its exchange alone when who hears of an interim response throws', async () => {
    origin = await RawOrigin.always(`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`);
    const failing = origin.client().send(origin.request(), {
      signal: new AbortController().signal,
      inform: () => {
        throw new Error('oh');
      },
      contact: () => {},
    });
    await assert.rejects(failing, { message: `the exchange with ${origin.where} broke off: oh` });
    await until(() => origin.sockets[0]!.destroyed);
  });
});

describe('an upstream connection that content goes out on', () => {
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  async function* pieces(count: number): AsyncGenerator<Buffer> {
    for (let i = 0; i < count; i++) yield Buffer.alloc(1_000_000);
  }
  const put = (count: number) => origin.request({ method: 'PUT', body: Body.stream(pieces(count)) });

  it('waits for the response as long as the server reads, however slowly', async () => {
    origin = await RawOrigin.start((socket) => {
      if (socket.bytesRead > 30_000_000) socket.write(OK);
      // What the system holds at the end is not to be waited for.
      if (socket.bytesRead > 20_000_000) return;
      socket.pause();
      setTimeout(() => socket.resume(), 2);
    });
    const startedAt = Date.now();
    const upstream = origin.client({ upstreamResponse: 250 });
    assert.equal(await contentOf(await send(upstream, put(30))), 'ok');
    assert.ok(Date.now() - startedAt > 500);
  });

  it('waits no longer for a server that says 100 over and over', async () => {
    let timer: NodeJS.Timeout | undefined;
    origin = await RawOrigin.start((socket) => {
      timer ??= setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
    });
    const sent = send(origin.client({ upstreamResponse: 200 }), origin.request());
    await assert.rejects(sent, { message: /sent no response within 0\.2 s$/, status: 504 });
    clearInterval(timer);
  });

  it('waits no longer when the server reads no more', async () => {
    origin = await RawOrigin.start((socket) => void socket.pause());
    const upstream = origin.client({ upstreamResponse: 200 });
    await assert.rejects(send(upstream, put(30)), {
      message: /sent no response within 0\.2 s$/,
      status: 504,
    });
  });
});

describe('a response that ends with its connection', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  it('can be left in the middle', async () => {
    origin = await RawOrigin.always(`${HEAD}data: 1\n\n`);
    const client = new AbortController();
    const response = await send(origin.client(), origin.request(), { signal: client.signal });
    const content = contentOf(response);
    client.abort();
    await assert.rejects(content, { message: `${origin.where} was left, because the client has gone` });
    // The connection closes behind that.
    await until(() => origin.sockets[0]!.destroyed);
  });

  it('is cut short by a reset, also while its reader is slow', async () => {
    for (const size of [10, 2_000_000]) {
      origin = await RawOrigin.always(HEAD + 'x'.repeat(size));
      const response = await send(origin.client(), origin.request());
      const chunks = response.body.chunks()[Symbol.asyncIterator]();
      await chunks.next();
      await new Promise((resolve) => setTimeout(resolve, 50));
      origin.sockets[0]!.resetAndDestroy();
      await assert.rejects(
        async () => {
          while (!(await chunks.next()).done);
        },
        { message: /reset the connection after \d+ bytes, before the end of its response$/ },
      );
      await origin.stop();
    }
  });
});
