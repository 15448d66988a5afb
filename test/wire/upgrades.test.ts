import assert from 'node:assert/strict';
import { join } from 'node:path';
import { KillUnmatched, openRecording, Recorder } from 'replay-proxy';
import { RawOrigin } from '../support/raw-origin';
import { answerOf, startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const origins: RawOrigin[] = [];

/** Switches for whoever asks for it, and says back in capitals what it hears then. */
async function shouting(): Promise<RawOrigin> {
  const origin = await RawOrigin.start((socket, soFar) => {
    const [head = '', ...rest] = soFar.split('\r\n\r\n');
    const said = rest.join('\r\n\r\n');
    if (!/^upgrade: /im.test(head)) {
      if (soFar.endsWith('\r\n\r\n') || /content$/.test(soFar)) socket.write(OK);
    } else if (said === '') socket.write(`${SWITCH}at once `);
    else socket.write(said.toUpperCase(), 'latin1');
  });
  origins.push(origin);
  return origin;
}

function request(
  origin: RawOrigin,
  lines: string,
  { method = 'GET', version = '1.1', body = '' } = {},
): string {
  return `${method} http://${origin.where}/ HTTP/${version}\r\nHost: ${origin.where}\r\n${lines}\r\n${body}`;
}

async function complete({ flows }: WireProxy): Promise<void> {
  while (flows.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('an upgrade to another protocol', () => {
  afterEach(async () => {
    await stopProxies();
    await Promise.all(origins.splice(0).map((origin) => origin.stop()));
  });

  it('becomes a tunnel of bytes, recorded as its handshake', async () => {
    const to = join(temporaryFolder(), 'raw.har');
    const origin = await shouting();
    const proxy = await startProxy([new Recorder({ to })]);
    const client = (await proxy.open()).send(
      request(origin, 'Upgrade: foo, h2c, bar\r\nConnection: Upgrade\r\n'),
    );
    assert.equal(await client.until(/at once $/), `${SWITCH}at once `);
    assert.match(origin.received[0]!, /\r\nUpgrade: foo, bar\r\nConnection: Upgrade\r\n\r\n$/);
    assert.equal(proxy.flows.length, 0);
    client.clear().send('tunnelled \x80\0');
    assert.equal(await client.until(/\0/), 'TUNNELLED \x80\0');
    client.socket.end();
    origin.sockets[0]!.end();
    await client.end();
    await complete(proxy);
    const [flow] = proxy.flows;
    assert.deepEqual([flow?.outcome, flow?.response?.status, flow?.webSocket], ['forwarded', 101, undefined]);
    const recording = await openRecording(to);
    assert.deepEqual(
      recording.flows.map(({ response, webSocket }) => [response?.status, response?.body.length, webSocket]),
      [[101, 0, undefined]],
    );
  });

  it('is an ordinary exchange when upstream does not change', async () => {
    const origin = await RawOrigin.always(
      'HTTP/1.1 426 Upgrade Required\r\nUpgrade: bar\r\nContent-Length: 3\r\n\r\nbar',
    );
    origins.push(origin);
    const proxy = await startProxy([]);
    const client = (await proxy.open()).send(request(origin, 'Upgrade: foo\r\nConnection: Upgrade\r\n'));
    assert.match(await client.end(), /^HTTP\/1\.1 426 Upgrade Required\r\n[^]*\r\n\r\nbar$/);
  });

  it('does not leave under kill or offline', async () => {
    const origin = await shouting();
    for (const proxy of [await startProxy([new KillUnmatched()]), await startProxy([], { offline: true })]) {
      const client = (await proxy.open()).send(request(origin, 'Upgrade: foo\r\nConnection: Upgrade\r\n'));
      assert.match(await client.end(), /^$|^HTTP\/1\.1 502 /);
      assert.equal(proxy.proxy.contacted.size, 0);
    }
  });

  it('is cut when the proxy stops, at once', async () => {
    const origin = await shouting();
    const proxy = await startProxy([], { limits: { grace: 5_000 } });
    const client = (await proxy.open()).send(request(origin, 'Upgrade: foo\r\nConnection: Upgrade\r\n'));
    await client.until(/at once $/);
    const start = performance.now();
    await proxy.proxy.stop();
    assert.ok(performance.now() - start < 1_000);
    await client.end();
  });

  for (const [name, lines, options] of [
    [
      'HTTP/2 without TLS',
      'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n',
      {},
    ],
    ['HTTP/1.0', 'Upgrade: foo\r\nConnection: Upgrade, keep-alive\r\n', { version: '1.0' }],
    ['a Connection that does not name it', 'Upgrade: foo\r\nConnection: keep-alive\r\n', {}],
    [
      'a request with content',
      'Upgrade: foo\r\nConnection: Upgrade\r\nContent-Length: 7\r\n',
      { method: 'POST', body: 'content' },
    ],
  ] as const) {
    it(`is not asked for with ${name}: the connection stays what it is`, async () => {
      const origin = await shouting();
      const proxy = await startProxy([]);
      const client = await proxy.open();
      for (let turn = 1; turn <= 2; turn += 1) {
        client.send(request(origin, lines, options));
        const answer = await answerOf(client, options.method);
        assert.deepEqual([answer?.status, answer?.body.toString()], [200, 'ok']);
      }
      assert.ok(!/upgrade/i.test(origin.received.join('')));
      assert.equal(proxy.flows[0]?.request.headers.get('upgrade'), lines.slice(9, lines.indexOf('\r')));
      assert.equal(proxy.proxy.contacted.size, 1);
      client.close();
    });
  }

  it('does not wait behind other requests', async () => {
    const origin = await RawOrigin.start(() => {});
    origins.push(origin);
    const proxy = await startProxy([]);
    const client = (await proxy.open()).send(
      request(origin, '') + request(origin, 'Upgrade: foo\r\nConnection: Upgrade\r\n'),
    );
    while (!origin.received[0]?.endsWith('\r\n\r\n')) await new Promise((resolve) => setTimeout(resolve, 2));
    origin.sockets[0]!.write(OK);
    assert.match(
      await client.end(),
      /^HTTP\/1\.1 200 [^]*okHTTP\/1\.1 400 [^]*does not wait behind others\n$/,
    );
    assert.equal(origin.sockets.length, 1);
  });

  for (const [name, late] of [
    ['an upgrade', (origin: RawOrigin) => request(origin, 'Upgrade: foo\r\nConnection: Upgrade\r\n')],
    ['a CONNECT', ({ where }: RawOrigin) => `CONNECT ${where} HTTP/1.1\r\nHost: ${where}\r\n\r\n`],
  ] as const)
    it(`${name} behind a response keeps that from no slow reader`, async () => {
      const size = 20 * 1024 * 1024;
      const origin = await RawOrigin.start((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`),
      );
      origins.push(origin);
      const proxy = await startProxy([]);
      const { socket } = await proxy.open();
      socket.removeAllListeners('data').pause();
      socket.write(request(origin, '') + late(origin));
      await new Promise((resolve) => setTimeout(resolve, 200));
      let got = 0;
      let last = '';
      socket.on('data', (chunk: Buffer) => {
        got += chunk.length;
        last = (last + chunk.toString('latin1')).slice(-300);
      });
      socket.resume();
      await new Promise((resolve) => socket.once('end', resolve));
      socket.destroy();
      assert.ok(got > size);
      assert.match(last, /xxHTTP\/1\.1 400 /);
    });

  it('is refused with a bad head like any request', async () => {
    const proxy = await startProxy([]);
    const ask = async (head: string) =>
      (await proxy.open()).send(`${head}\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n`).end();
    assert.match(await ask('GET / HTTP/1.1\r\nHost: a'), /^HTTP\/1\.1 400 /);
    assert.match(await ask('GET http://a.example/ HTTP/1.1\r\nHost: a\r\nHost: b'), /^HTTP\/1\.1 400 /);
    assert.match(
      await ask('GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 00'),
      /^HTTP\/1\.1 400 /,
    );
  });
});
