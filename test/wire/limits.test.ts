import assert from 'node:assert/strict';
import { once } from 'node:events';
import { DEFAULT_LIMITS, type Limits, type MitmProxy } from 'replay-proxy';
import { HostileTest } from '../support/hostile';
import type { RawClient } from '../support/raw-client';
import type { OriginConnection, OriginRequest } from '../support/strict-origin';
import { stopProxies } from '../support/wire';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** A time-out under test, in milliseconds, and what stays well below it. */
const LIMIT = 400;
const PART = 120;

/** Each limit of the wire at its edge: what it lets through, and what it does not. */
describe('the limit on', () => {
  let test: HostileTest;
  afterEach(async () => {
    await test.stop();
    await stopProxies();
  });

  const start = async (limits: Partial<Limits> = {}, mode: HostileTest['mode'] = 'regular') =>
    (test = await HostileTest.start(mode, limits));
  const head = (path: string, lines = '', method = 'GET') =>
    `${method} ${test.values({ name: '' })['base']}${path} HTTP/1.1\r\nHost: a.example\r\n${lines}\r\n`;
  const send = async (...parts: string[]): Promise<RawClient> => {
    const client = (await test.open()).clear();
    for (const [at, part] of parts.entries()) {
      if (at > 0) await pause(PART);
      client.send(part);
    }
    return client;
  };
  /** The first line of what comes, and whether the connection ended behind it. */
  const answer = async (client: RawClient) => {
    const text = await client.until(/^HTTP\/1\.1 \d{3} [^\r]*\r\n[^]*\r\n\r\n/);
    return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  };
  const serve = (play: (connection: OriginConnection, request: OriginRequest) => unknown) => {
    const usual = test.origin.answer;
    test.origin.answer = (request, connection) => {
      if (request.start[1] === '/witness') usual(request, connection);
      else play(connection, request);
    };
  };
  /** `start` with a field that makes it a head of so many bytes. */
  const filled = (startLines: string, bytes: number) => {
    const rest = `${startLines}X-Fill: `;
    return `${rest}${'x'.repeat(bytes - rest.length - 4)}\r\n\r\n`;
  };

  describe('the header block', () => {
    for (const mode of ['regular', 'reverse', 'connect'] as const) {
      it(`takes 65,536 bytes of a request and not one more, in ${mode} mode`, async () => {
        await start({}, mode);
        const lines = head('/').slice(0, -2);
        const longest = filled(lines, DEFAULT_LIMITS.headerBlock);
        assert.equal(longest.length, 65_536);
        assert.equal(await answer(await send(longest)), '200');
        const refused = await (await send(filled(lines, 65_537))).end();
        assert.match(refused, /^HTTP\/1\.1 431 [^]*longer than 65536 bytes\n$/);
        assert.equal(test.arrived().length, 1);
      });
    }

    it('counts short lines too', async () => {
      await start();
      const lines = head('/').slice(0, -2);
      const short = (count: number) => `${lines}${'a:b\r\n'.repeat(count)}\r\n`;
      assert.equal(await answer(await send(short(10_000))), '200');
      assert.equal(await answer(await send(short(13_000))), '431');
    });

    it('takes 65,536 bytes of a response and not one more', async () => {
      await start();
      const start200 = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n';
      serve(({ socket }, { start: [, target] }) =>
        socket.write(filled(start200, target === '/fits' ? 65_536 : 65_537)),
      );
      assert.equal(await answer(await send(head('/fits'))), '200');
      const refused = await send(head('/longer'));
      assert.equal(await answer(refused), '502');
      assert.match(refused.received, /sent a header block of more than 65536 bytes\n$/);
    });
  });

  it('header time: a head in pieces passes, one that stops is answered 408', async () => {
    await start({ headerTime: LIMIT });
    assert.equal(await answer(await send(head('/').slice(0, 20), head('/').slice(20))), '200');
    for (const part of ['', 'GET http', head('/').slice(0, -2)]) {
      const from = performance.now();
      const text = await (await send(part)).end();
      assert.match(text, /^HTTP\/1\.1 408 [^]*no whole header block within 0\.4 s\n$/);
      assert.ok(performance.now() - from > LIMIT - 10);
    }
    assert.equal(test.arrived().length, 1);
  });

  it('header time: bytes that come one by one do not extend it', async () => {
    await start({ headerTime: LIMIT });
    const client = await send('GET ');
    const drip = setInterval(() => client.send('x'), 20);
    assert.match(await client.end(), /^HTTP\/1\.1 408 /);
    clearInterval(drip);
  });

  it('idle connections: closed after their time, not in the middle of an exchange', async () => {
    await start({ idle: LIMIT });
    serve(({ socket }) =>
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 2 * LIMIT),
    );
    const client = await send(head('/slow'));
    assert.equal(await answer(client), '200');
    const from = performance.now();
    await client.end();
    assert.ok(performance.now() - from > LIMIT - 10);
  });

  it("the next part of a request's body: parts in time pass, silence is answered 408", async () => {
    await start({ requestBody: LIMIT });
    const post = head('/', 'Content-Length: 4\r\n', 'POST');
    assert.equal(await answer(await send(post, 'b', 'o', 'd', 'y')), '200');
    assert.match(await (await send(post, 'bod')).end(), /^HTTP\/1\.1 408 [^]*for 0\.4 s\n$/);
    assert.deepEqual(
      test.arrived().map(({ body }) => body),
      ['body'],
    );
  });

  it('the response of upstream: parts in time pass, silence is answered 504, or cuts what has begun', async () => {
    await start({ upstreamResponse: LIMIT, heldBody: 4 });
    serve(async ({ socket }, { start: [, target] }) => {
      const parts = ['HTTP/1.1 200 OK\r\n', 'Content-Length: 9\r\n\r\n', 'a long', ' b', 'o'];
      for (const part of parts.slice(0, target === '/whole' ? 5 : target === '/cut' ? 3 : 1)) {
        socket.write(part);
        await pause(PART);
      }
    });
    const whole = await send(head('/whole'));
    await whole.until(/\r\n\r\na long bo$/);
    const late = await send(head('/late'));
    assert.equal(await answer(late), '504');
    assert.match(late.received, /sent no response within 0\.4 s\n$/);
    assert.match(await (await send(head('/cut'))).end(), /\r\nContent-Length: 9\r\n\r\na long$/);
  });

  it('the connection to upstream: one that does not come to stand is answered 504', async () => {
    await start({ upstreamConnect: LIMIT });
    const client = await send(`GET https://127.0.0.1:${test.origin.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    // The origin waits for a request where TLS wants an answer.
    test.origin.faults.length = 0;
    assert.match((await answer(client)) ?? '', /^50[24]$/);
  });

  it('connections: as many as it says are served, one more is answered 503, until one leaves', async () => {
    await start({ connections: 3 });
    // The witness is one of them.
    const [first, second] = [await send(head('/1')), await send(head('/2'))];
    assert.deepEqual([await answer(first), await answer(second)], ['200', '200']);
    const third = await (await test.proxy.open()).end();
    assert.match(third, /^HTTP\/1\.1 503 [^]*as many connections as it may\n$/);
    assert.equal(await answer(first.clear().send(head('/1'))), '200');
    second.close();
    await once(second.socket, 'close');
    let status: string | undefined;
    for (let i = 0; i < 100 && status !== '200'; i += 1) {
      await pause(5);
      status = /^HTTP\/1\.1 (\d{3})/.exec(await (await send(head('/4', 'Connection: close\r\n'))).end())?.[1];
    }
    assert.equal(status, '200');
  });

  it('silence inside CONNECT: who speaks in time is served, who does not is no HTTP client', async () => {
    await start({ tunnelSilence: LIMIT }, 'connect');
    assert.equal(await answer(await send('G', head('/').slice(1))), '200');
    for (const part of ['', 'GE']) {
      const from = performance.now();
      assert.equal(await (await send(part)).end(), '');
      assert.ok(performance.now() - from > LIMIT - 10);
    }
  });

  it("the client's TLS handshake: a half one ends with its time", async () => {
    await start({ handshake: LIMIT });
    const client = await test.proxy.tunnel('127.0.0.1', test.origin.port, true);
    const from = performance.now();
    assert.equal(await client.send('\x16\x03\x01\x01\x00\x01').end(), '');
    assert.ok(performance.now() - from > LIMIT - 10);
  });

  for (const isKept of [false, true]) {
    const past = isKept ? 'file' : 'stream';
    it(`what is held of a body: in memory up to it, a request's past it is a ${past}${isKept ? ' where it has to match' : ''}`, async () => {
      const kinds: string[] = [];
      test = await HostileTest.start('regular', { heldBody: 100 }, [
        ({ hooks }: MitmProxy) => {
          hooks.requestHeaders.tap('Kinds', (flow) => (isKept ? flow.keepRequest() : undefined));
          hooks.request.tap('Kinds', ({ request }) => void kinds.push(request.body.kind));
          hooks.received.tap('Kinds', (response) => void kinds.push(response.body.kind));
        },
      ]);
      serve(({ socket }, { body }) =>
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
      );
      kinds.length = 0;
      for (const length of [100, 101]) {
        const body = 'b'.repeat(length);
        const client = await send(`${head('/', `Content-Length: ${length}\r\n`, 'POST')}${body}`);
        await client.until(new RegExp(`\\r\\n\\r\\n${body}$`));
      }
      assert.deepEqual(kinds, ['memory', 'memory', past, 'stream']);
      assert.deepEqual(
        test.recorded.map(({ request, response }) => [request.body.length, response?.body.length]),
        [[100, 100], [101, 101]], // prettier-ignore
      );
    });
  }
});

describe('a request on a kept upstream connection that closes unanswered', () => {
  let test: HostileTest;
  beforeEach(async () => (test = await HostileTest.start('regular', { idle: 1_000 })));
  afterEach(async () => {
    await test.stop();
    await stopProxies();
  });

  /** Sends over a connection that has served before; `closings` connections end at the request, the first one behind `bytes`. */
  async function ask(method: string, body: string, closings: number, bytes = ''): Promise<[string, number]> {
    let [sent, left] = [0, closings];
    const usual = test.origin.answer;
    test.origin.answer = (request, connection) => {
      if (request.start[1] === '/witness') return usual(request, connection);
      sent += 1;
      left -= 1;
      if (left >= 0) connection.socket.end(bytes);
      else usual(request, connection);
    };
    await test.witness();
    const client = await test.open();
    const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
    client.send(
      `${method} ${test.values({ name: '' })['base']}/ HTTP/1.1\r\nHost: a.example\r\n${length}Connection: close\r\n\r\n${body}`,
    );
    const text = await client.end();
    return [/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? text, sent];
  }

  for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE'])
    it(`is sent once more on a new one: ${method}`, async () =>
      assert.deepEqual(await ask(method, '', 1), ['200', 2]));

  it('is sent once more and not twice', async () => assert.deepEqual(await ask('GET', '', 2), ['502', 2]));

  for (const [method, body] of [
    ['POST', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', 'body'],
    ['POST', 'body'],
  ] as const)
    it(`is not sent again: ${method} ${body}`, async () =>
      assert.deepEqual(await ask(method, body, 1), ['502', 1]));

  it('is not sent again when a byte of a response has come', async () =>
    assert.deepEqual(await ask('GET', '', 1, 'H'), ['502', 1]));
});
