import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { constants, deflateRawSync } from 'node:zlib';
import {
  HttpResponse,
  kill,
  KillUnmatched,
  respond,
  serveWebSocket,
  type WebSocketMessage,
} from 'replay-proxy';
import { WebSocket } from 'ws';
import { startHttpProxy, stopTestProxies } from '../support/proxies';
import { RawOrigin } from '../support/raw-origin';
import { closing, frame, FrameReader } from '../support/frames';
import {
  echo,
  speakOn,
  stopWebSockets,
  throughTunnel,
  WebSocketClient,
  WebSocketOrigin,
} from '../support/web-sockets';
import { sharedAuthorityFolder } from '../support/temp';
import { startProxy, stopProxies, type WireProxy } from '../support/wire';

const MIB = 1024 * 1024;
const HANDSHAKE =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const origins: RawOrigin[] = [];

async function rawOrigin(...args: Parameters<typeof RawOrigin.always>): Promise<RawOrigin> {
  const origin = await RawOrigin.always(...args);
  origins.push(origin);
  return origin;
}

/** The flow of a test's only exchange, once it is complete. */
async function flowOf({ flows }: WireProxy) {
  while (flows.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  return flows[0]!;
}

/** Opens a raw WebSocket through the proxy. */
async function rawSocket(proxy: WireProxy, origin: { port: number }, extra = '') {
  const client = (await proxy.tunnel('127.0.0.1', origin.port, true)).send(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\n${extra}${HANDSHAKE}`,
  );
  await client.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/);
  client.socket.removeAllListeners('data');
  const early = client.received.slice(client.received.indexOf('\r\n\r\n') + 4);
  return { socket: client.socket, reader: new FrameReader(client.socket, early) };
}

describe('a WebSocket through the proxy', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
    await Promise.all(origins.splice(0).map((origin) => origin.stop()));
  });

  it('carries messages and the goodbye inside CONNECT, plain and in TLS', async () => {
    for (const authority of [undefined, sharedAuthorityFolder()]) {
      const origin = await WebSocketOrigin.start(echo, authority === undefined ? {} : { authority });
      const proxy = await startProxy([], { upstream: { insecure: true } });
      const client = await (await throughTunnel(proxy, origin, '/chat?a=1')).opened();
      client.socket.send('hello');
      client.socket.send(Buffer.from([1, 2, 3]));
      assert.deepEqual(await client.got(2), ['hello', Buffer.from([1, 2, 3])]);
      client.socket.close(4001, 'done');
      assert.deepEqual([await client.closed(), await origin.closed()], ['4001 done', '4001 done']);
      const flow = await flowOf(proxy);
      assert.deepEqual([flow.outcome, flow.response?.status], ['forwarded', 101]);
      assert.equal(flow.request.url, `${origin.url}/chat?a=1`);
      assert.ok(flow.endedAt! >= flow.headSentAt!);
      assert.deepEqual([...proxy.proxy.contacted], [`127.0.0.1:${origin.port}`]);
      assert.deepEqual(proxy.warnings, []);
    }
  });

  it('is asked for by a whole URL, http: or ws:', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    for (const scheme of ['http', 'ws']) {
      const client = (await proxy.open()).send(
        `GET ${scheme}://127.0.0.1:${origin.port}/x HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\n${HANDSHAKE}`,
      );
      await client.until(/^HTTP\/1\.1 101 /);
      client.close();
    }
    assert.deepEqual(
      origin.requests.map(({ url }) => url),
      ['/x', '/x'],
    );
  });

  it('works in reverse mode, over TLS to upstream', async () => {
    const origin = await WebSocketOrigin.start(echo, { authority: sharedAuthorityFolder() });
    const proxy = await startProxy([], { mode: { reverse: origin.url }, upstream: { insecure: true } });
    const client = await new WebSocketClient(new WebSocket(`ws://127.0.0.1:${proxy.port}/r`)).opened();
    client.socket.send('reverse');
    assert.deepEqual(await client.got(1), ['reverse']);
    assert.equal(origin.requests[0]?.headers.host, `127.0.0.1:${origin.port}`);
  });

  it('passes the handshake on: subprotocol, cookies, Origin, extra headers, both ways', async () => {
    const origin = await WebSocketOrigin.start(echo, {
      handleProtocols: (protocols) => [...protocols][1] ?? false,
    });
    const proxy = await startProxy([]);
    const client = await throughTunnel(proxy, origin, '/', ['one', 'two'], {
      origin: 'https://app.example',
      headers: { Cookie: 'a=1; b=2', 'X-Extra': 'yes' },
      perMessageDeflate: true,
    });
    await client.opened();
    assert.equal(client.socket.protocol, 'two');
    assert.equal(client.socket.extensions, '');
    const { headers } = origin.requests[0]!;
    assert.deepEqual(
      [headers.origin, headers.cookie, headers['x-extra'], headers['sec-websocket-protocol']],
      ['https://app.example', 'a=1; b=2', 'yes', 'one,two'],
    );
  });

  it('sends the handshake byte for byte, the extensions that we can read left', async () => {
    const answer =
      'HTTP/1.1 101 Web Socket Protocol Handshake\r\nupgrade: WebSocket\r\nSet-Cookie: a=1\r\nX-Dup: 1\r\nx-dup: 2\r\n' +
      'connection: upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nset-cookie: b=2\r\n\r\n';
    const origin = await rawOrigin(answer);
    const proxy = await startProxy([]);
    const lines =
      `HOST: 127.0.0.1:${origin.port}\r\nsec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r\nConnection: keep-alive, Upgrade\r\n` +
      'Sec-WebSocket-Protocol: b, a\r\nUPGRADE: websocket\r\nX-A: 1\r\nx-a: 2\r\n';
    const client = (await proxy.tunnel('127.0.0.1', origin.port, true)).send(
      `GET /p HTTP/1.1\r\n${lines}Sec-WebSocket-Extensions: x-foo, permessage-deflate\r\n\r\n`,
    );
    assert.equal(await client.until(/\r\n\r\n/), answer);
    assert.equal(
      origin.received[0],
      `GET /p HTTP/1.1\r\n${lines.replace('keep-alive, ', '')}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
    );
    client.close();
  });

  it('is compressed on both sides if upstream agrees, and hooks see it plain', async () => {
    const origin = await WebSocketOrigin.start(echo, { perMessageDeflate: { threshold: 0 } });
    const proxy = await startProxy([]);
    const seen: WebSocketMessage[] = [];
    proxy.proxy.hooks.webSocketMessage.tap('See', (message) => void seen.push(message));
    const client = await (
      await throughTunnel(proxy, origin, '/', [], { perMessageDeflate: { threshold: 0 } })
    ).opened();
    assert.equal(client.socket.extensions, 'permessage-deflate');
    assert.equal(origin.sockets[0]?.extensions, 'permessage-deflate');
    const text = 'again '.repeat(10_000);
    client.socket.send(text);
    client.socket.send('more');
    assert.deepEqual(await client.got(2), [text, 'more']);
    assert.deepEqual(
      seen.map(({ from, opcode, data }) => [from, opcode, data.length]),
      [
        ['client', 1, 60_000],
        ['client', 1, 4],
        ['server', 1, 60_000],
        ['server', 1, 4],
      ].sort(
        (a, b) => seen.findIndex(({ from }) => from === a[0]) - seen.findIndex(({ from }) => from === b[0]),
      ),
    );
  });

  it('joins fragments, and passes pings and pongs on in between', async () => {
    const origin = await WebSocketOrigin.start(
      (socket) => {
        echo(socket);
        socket.on('ping', (data) => socket.ping(`from the server, got ${data.toString()}`));
      },
      { autoPong: false },
    );
    const proxy = await startProxy([]);
    const { socket, reader } = await rawSocket(proxy, origin);
    socket.write(Buffer.concat([frame(0x01, 'frag'), frame(0x89, 'ping'), frame(0x80, 'ments')]));
    const got = await reader.until(2);
    assert.deepEqual([...got].sort(), ['1 fragments', '9 from the server, got ping']);
    const pong = once(origin.sockets[0]!, 'pong');
    socket.write(frame(0x8a, 'pong'));
    assert.equal(String((await pong)[0]), 'pong');
    socket.destroy();
  });

  it('passes every close code on, both ways', async () => {
    for (const code of [1000, 1001, 1003, 1007, 1008, 1011, 1012, 3000, 4999]) {
      const origin = await WebSocketOrigin.start((socket) =>
        socket.on('message', () => socket.close(code, 'server says so')),
      );
      const proxy = await startProxy([]);
      const one = await (await throughTunnel(proxy, origin)).opened();
      one.socket.close(code, 'client says so');
      assert.deepEqual(
        [await one.closed(), await origin.closed()],
        [`${code} client says so`, `${code} client says so`],
      );
      origin.closes.length = 0;
      const other = await (await throughTunnel(proxy, origin)).opened();
      other.socket.send('go');
      assert.deepEqual(
        [await other.closed(), await origin.closed()],
        [`${code} server says so`, `${code} server says so`],
      );
    }
  });

  it('passes a close without a code on', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.close();
    assert.deepEqual([await client.closed(), await origin.closed()], ['1005', '1005']);
  });

  it('breaks the other side when one breaks', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const one = await startProxy([]);
    const leaving = await (await throughTunnel(one, origin)).opened();
    leaving.socket.terminate();
    assert.equal(await origin.closed(), '1006');
    assert.equal((await flowOf(one)).outcome, 'aborted');

    const other = await startProxy([]);
    const left = await (await throughTunnel(other, origin)).opened();
    origin.sockets[1]!.terminate();
    assert.equal(await left.closed(), '1006');
    const flow = await flowOf(other);
    assert.deepEqual(
      [flow.outcome, flow.error?.message],
      ['failed', `${origin.url} broke the WebSocket off`],
    );
  });

  it('tells both sides of a bad frame of either', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    const { socket, reader } = await rawSocket(proxy, origin);
    socket.write(frame(0x83, 'x'));
    assert.match((await reader.until(1))[0]!, /^8 1002 Invalid WebSocket frame/);
    assert.match(await origin.closed(), /^1002 Invalid WebSocket frame/);
    assert.equal((await flowOf(proxy)).outcome, 'forwarded');

    const bad = await rawOrigin(
      `HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x02\xc3\x28`,
    );
    const { reader: told } = await rawSocket(proxy, bad);
    assert.match((await told.until(1))[0]!, /^8 1007/);
    while (!bad.received[0]!.includes('\x88')) await new Promise((resolve) => setTimeout(resolve, 2));
  });

  it('ends with 1009 what is longer than the limit', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([], { limits: { webSocketMessage: 1000 } });
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.send('x'.repeat(1000));
    assert.equal((await client.got(1))[0]?.length, 1000);
    client.socket.send('x'.repeat(1001));
    assert.equal(await client.closed(), '1009 Max payload size exceeded');
    assert.equal(await origin.closed(), '1009 Max payload size exceeded');
  });

  it('ends with 1009 what would burst when it is decompressed, and does not decompress it', async () => {
    const origin = await WebSocketOrigin.start(echo, { perMessageDeflate: true });
    const proxy = await startProxy([], { limits: { webSocketMessage: MIB } });
    const extension = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';
    const { socket, reader } = await rawSocket(proxy, origin, extension);
    // Kept to the end, so that all that is added is the proxy's.
    const zeros = Buffer.alloc(64 * MIB);
    const bomb = deflateRawSync(zeros, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const before = process.memoryUsage().arrayBuffers;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1);
    socket.write(frame(0xc1, bomb));
    assert.deepEqual(await reader.until(1), ['8 1009 Max payload size exceeded']);
    clearInterval(watch);
    assert.ok(most - before < 16 * MIB, `${most - before} of ${zeros.length} bytes were kept`);
    assert.equal(await origin.closed(), '1009 Max payload size exceeded');
  });

  it('carries 10 MiB messages to a slow reader, slowing the sender down', async () => {
    const origin = await WebSocketOrigin.start((socket) => socket.pause());
    const proxy = await startProxy([]);
    const { socket } = await rawSocket(proxy, origin);
    const message = Buffer.alloc(10 * MIB, 'slow');
    for (let sent = 0; sent < 8; sent += 1) socket.write(frame(0x82, message));
    let waiting = Infinity;
    while (socket.writableLength < waiting) {
      waiting = socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    assert.ok(waiting > 10 * MIB, `only ${waiting} bytes wait`);
    let got = 0;
    const arrived = new Promise<void>((resolve) => {
      origin.sockets[0]!.on('message', (data: Buffer) => {
        assert.equal(Buffer.compare(data, message), 0);
        if (++got === 8) resolve();
      });
    });
    origin.sockets[0]!.resume();
    await arrived;
    socket.destroy();
  }).timeout(30_000);

  it('keeps the order of 5,000 messages each way while hooks take their time', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    let turn = 0;
    proxy.proxy.hooks.webSocketMessage.tap('Slow', async () => {
      if ((turn += 1) % 100 === 0) await new Promise(setImmediate);
    });
    const client = await (await throughTunnel(proxy, origin)).opened();
    const texts = Array.from({ length: 5_000 }, (_, at) => `message ${at}`);
    for (const text of texts) client.socket.send(text);
    assert.deepEqual(await client.got(5_000), texts);
    client.socket.close(1000);
    await client.closed();
    assert.equal((await flowOf(proxy)).webSocket?.messageCount, 10_000);
  });

  it('lets hooks edit, drop and inject', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    const { hooks } = proxy.proxy;
    hooks.webSocketOpen.tap('Greet', ({ webSocket }) => webSocket?.send('client', 'welcome'));
    hooks.webSocketMessage.tap('Edit', (message, { webSocket }) => {
      const text = message.data.toString();
      if (text === 'drop me') return { ...message, dropped: true };
      if (text === 'close') webSocket?.close(4002, 'asked to');
      return message.from === 'client' ? { ...message, data: Buffer.from(`${text}!`) } : undefined;
    });
    const client = await (await throughTunnel(proxy, origin)).opened();
    for (const text of ['drop me', 'hi']) client.socket.send(text);
    assert.deepEqual(await client.got(2), ['welcome', 'hi!']);
    client.socket.send('close');
    assert.deepEqual([await client.closed(), await origin.closed()], ['4002 asked to', '4002 asked to']);
  });

  it('ends with 1011 on both sides when a hook throws', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([]);
    proxy.proxy.hooks.webSocketMessage.tap('Bad', () => Promise.reject(new Error('no good')));
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.send('x');
    assert.deepEqual(
      [await client.closed(), await origin.closed()],
      ['1011 the proxy failed', '1011 the proxy failed'],
    );
    const flow = await flowOf(proxy);
    assert.equal(flow.outcome, 'failed');
    assert.match(flow.error?.message ?? '', /addon Bad, hook webSocketMessage: no good/);
  });

  it('is refused as upstream refuses it, with the body', async () => {
    for (const head of ['401 Unauthorized', '404 Not Found', '200 OK', '302 Found']) {
      const origin = await rawOrigin(`HTTP/1.1 ${head}\r\nX-Why: so\r\nContent-Length: 4\r\n\r\nbody`);
      const proxy = await startProxy([]);
      const client = (await proxy.tunnel('127.0.0.1', origin.port, true)).send(
        `GET / HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\n${HANDSHAKE}`,
      );
      assert.match(await client.end(), new RegExp(`^HTTP/1\\.1 ${head}\r\nX-Why: so\r\n[^]*\r\n\r\nbody$`));
      assert.deepEqual([(await flowOf(proxy)).outcome, proxy.flows[0]!.webSocket], ['forwarded', undefined]);
    }
  });

  it('is killed, answered or kept in by addons, before upstream is contacted', async () => {
    const request = (port: number) =>
      `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${HANDSHAKE}`;
    const origin = await WebSocketOrigin.start(echo);
    const killing = await startProxy([new KillUnmatched()]);
    assert.equal(await (await killing.open()).send(request(origin.port)).end(), '');
    const offline = await startProxy([], { offline: true });
    assert.match(
      await (await offline.open()).send(request(origin.port)).end(),
      /^HTTP\/1\.1 502 [^]*nothing may leave/,
    );
    const answering = await startProxy([]);
    answering.proxy.hooks.requestHeaders.tap('Answer', () => respond(HttpResponse.text(403, 'no')));
    assert.match(
      await (await answering.open()).send(request(origin.port)).end(),
      /^HTTP\/1\.1 403 [^]*no\n$/,
    );
    for (const { proxy, flows } of [killing, offline, answering]) {
      assert.equal(proxy.contacted.size, 0);
      assert.equal(flows.length, 1);
    }
    assert.equal(origin.requests.length, 0);
  });

  it('leaves through a proxy of HTTP by CONNECT, not by a whole URL', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const way = await startHttpProxy();
    const proxy = await startProxy([], { upstream: { proxy: `http://127.0.0.1:${way.port}` } });
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.send('hello');
    assert.deepEqual(await client.got(1), ['hello']);
    assert.match(way.asked[0]!, new RegExp(`127\\.0\\.0\\.1:${origin.port}$`));
    stopTestProxies();
  });

  it('is not carried back to the proxy itself', async () => {
    const proxy = await startProxy([]);
    const url = `127.0.0.1:${proxy.port}`;
    const client = (await proxy.open()).send(`GET http://${url}/ HTTP/1.1\r\nHost: ${url}\r\n${HANDSHAKE}`);
    assert.match(await client.end(), /^HTTP\/1\.1 508 /);
  });

  it('is asked for its proxy credentials', async () => {
    const proxy = await startProxy([], { listen: { proxyAuth: 'secret' } });
    const client = (await proxy.open()).send(
      `GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${HANDSHAKE}`,
    );
    assert.match(await client.end(), /^HTTP\/1\.1 407 /);
  });

  it('aborts when the client leaves before there is an answer', async () => {
    const origin = await RawOrigin.start(() => {});
    origins.push(origin);
    const proxy = await startProxy([]);
    const socket = connect(proxy.port, '127.0.0.1');
    socket.write(`GET http://${origin.where}/ HTTP/1.1\r\nHost: ${origin.where}\r\n${HANDSHAKE}`);
    while (origin.sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    socket.end();
    assert.equal((await flowOf(proxy)).outcome, 'aborted');
  });

  it('is told that the proxy stops, within the grace time', async () => {
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([], { limits: { grace: 5_000 } });
    const client = await (await throughTunnel(proxy, origin)).opened();
    const start = performance.now();
    await proxy.proxy.stop();
    assert.ok(performance.now() - start < 1_000);
    assert.deepEqual(
      [await client.closed(), await origin.closed()],
      ['1001 the proxy stops', '1001 the proxy stops'],
    );
    assert.equal(proxy.flows[0]?.outcome, 'forwarded');
  });
});

describe('a WebSocket that an addon serves', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  it('needs no upstream; hooks see its messages', async () => {
    const proxy = await startProxy([]);
    const seen: string[] = [];
    proxy.proxy.hooks.webSocketMessage.tap(
      'See',
      ({ from, data }) => void seen.push(`${from} ${data.toString()}`),
    );
    proxy.proxy.hooks.request.tap('Serve', () =>
      serveWebSocket(
        async (client) => {
          await client.send({ opcode: 1, data: Buffer.from('welcome') });
          for await (const { opcode, data } of client.messages) {
            await client.send({ opcode, data: Buffer.from(`${data.toString()}?`) });
            if (data.toString() === 'bye') return;
          }
        },
        {
          response: new HttpResponse({
            status: 101,
            headers: { 'Sec-WebSocket-Protocol': 'chat', 'Sec-WebSocket-Extensions': 'permessage-deflate' },
          }),
        },
      ),
    );
    const connection = await proxy.tunnel('chat.invalid', 443);
    const client = await speakOn(connection, 'http://chat.invalid/', ['chat']).opened();
    assert.deepEqual([client.socket.protocol, client.socket.extensions], ['chat', 'permessage-deflate']);
    client.socket.send('hi');
    client.socket.send('bye');
    assert.deepEqual(await client.got(3), ['welcome', 'hi?', 'bye?']);
    assert.equal(await client.closed(), '1000');
    assert.deepEqual(seen, ['server welcome', 'client hi', 'server hi?', 'client bye', 'server bye?']);
    const flow = await flowOf(proxy);
    assert.deepEqual([flow.outcome, flow.error], ['answered', undefined]);
    assert.equal(proxy.proxy.contacted.size, 0);
  });

  it('answers pings, and closes with 1011 when the addon throws', async () => {
    const proxy = await startProxy([]);
    proxy.proxy.hooks.request.tap('Serve', () =>
      serveWebSocket(async ({ messages }) => {
        for await (const { data } of messages) throw new Error(`what is ${data.toString()}?`);
      }),
    );
    const client = await speakOn(
      await proxy.tunnel('chat.invalid', 80, true),
      'http://chat.invalid/',
    ).opened();
    const pong = once(client.socket, 'pong');
    client.socket.ping('there?');
    assert.equal(String((await pong)[0]), 'there?');
    client.socket.send('this');
    assert.match(await client.closed(), /^1011/);
    const flow = await flowOf(proxy);
    assert.deepEqual([flow.outcome, flow.error?.message], ['failed', 'what is this?']);
  });

  it('is 400 for who asks in another way, and kill for whom it is killed', async () => {
    const proxy = await startProxy([]);
    proxy.proxy.hooks.request.tap('Serve', ({ request }) =>
      request.path === '/kill' ? kill() : serveWebSocket(() => Promise.resolve()),
    );
    const ask = async (path: string, lines: string) =>
      (await proxy.open())
        .send(`GET http://a.example${path} HTTP/1.1\r\nHost: a.example\r\n${lines}\r\n`)
        .end();
    assert.match(
      await ask('/', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'),
      /^HTTP\/1\.1 400 [^]*RFC 6455/,
    );
    assert.match(await ask('/', 'Connection: close\r\n'), /^HTTP\/1\.1 502 [^]*asks? for another protocol/);
    assert.equal(await ask('/kill', HANDSHAKE.slice(0, -2)), '');
  });

  it('is cut short by the stop of the proxy, and by a raw client that vanishes', async () => {
    const proxy = await startProxy([], { limits: { grace: 300 } });
    proxy.proxy.hooks.request.tap('Serve', () =>
      serveWebSocket(async (end) => {
        for await (const _ of end.messages);
        assert.ok([1001, 1006].includes((await end.closed).code));
      }),
    );
    const one = await rawSocketTo(proxy);
    one.destroy();
    assert.equal((await flowOf(proxy)).outcome, 'aborted');
    const other = await rawSocketTo(proxy);
    const reader = new FrameReader(other);
    const stopped = proxy.proxy.stop();
    assert.deepEqual(await reader.until(1), ['8 1001 the proxy stops']);
    other.write(frame(0x88, closing(1001)));
    await stopped;
    assert.deepEqual([proxy.flows[1]?.outcome, proxy.flows[1]?.error], ['answered', undefined]);
  });
});

async function rawSocketTo(proxy: WireProxy) {
  const client = (await proxy.tunnel('chat.invalid', 80, true)).send(
    `GET / HTTP/1.1\r\nHost: chat.invalid\r\n${HANDSHAKE}`,
  );
  await client.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/);
  client.socket.removeAllListeners('data');
  return client.socket;
}
