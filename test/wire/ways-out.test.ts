import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type AddonInput, forward, KillUnmatched, Ledger, type ProxyOptions, Recorder } from 'replay-proxy';
import { WebSocket } from 'ws';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { RunningReplay } from '../cli/command';
import { Origin } from '../support/origin';
import { startHttpProxy, startSocksProxy, stopTestProxies, type TestProxy } from '../support/proxies';
import { WebSocketOrigin } from '../support/web-sockets';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { sharedAuthorityFolder } from '../support/temp';
import { answerOf, startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

const HOST = 'shop.example';

describe('an upstream proxy', () => {
  let http: Origin;
  let https: Origin;
  let held: Resources;
  before(async () => {
    held = resourcesNow();
    http = await Origin.start();
    https = await Origin.start(sharedAuthorityFolder());
  });
  after(async () => {
    await Promise.all([http.stop(), https.stop()]);
    await settlesTo(held);
  });
  afterEach(async () => {
    await stopProxies();
    stopTestProxies();
  });

  const leaving = (
    upstream: NonNullable<ProxyOptions['upstream']>,
    addons: AddonInput[] = [],
    rest: ProxyOptions = {},
  ) => startProxy(addons, { ...rest, upstream: { insecure: true, ...upstream } });
  const get = async (proxy: WireProxy, url: string, fields = '') => {
    const { protocol, hostname, port, pathname, host } = new URL(url);
    const client = protocol === 'http:' ? await proxy.open() : await proxy.tunnel(hostname, Number(port));
    client.send(`GET ${protocol === 'http:' ? url : pathname} HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`);
    const answer = await answerOf(client);
    client.close();
    return { status: answer?.status, text: String(answer?.body) };
  };
  const plain = () => `http://${HOST}:${http.port}/text`;
  const secure = () => `https://${HOST}:${https.port}/text`;

  const kinds: [
    name: string,
    start: () => Promise<TestProxy>,
    url: (port: number) => string,
    asksForUrls: boolean,
  ][] = [
    ['of HTTP', () => startHttpProxy(), (port) => `http://127.0.0.1:${port}`, true],
    [
      'of HTTP with credentials',
      () => startHttpProxy({ auth: 'me:s@cret' }),
      (port) => `http://me:s%40cret@127.0.0.1:${port}`,
      true,
    ],
    [
      'of HTTP over TLS',
      async () => startHttpProxy({ auth: 'me:x', tls: await leaf() }),
      (port) => `https://me:x@127.0.0.1:${port}`,
      true,
    ],
    ['of SOCKS5', () => startSocksProxy(), (port) => `socks5://127.0.0.1:${port}`, false],
    [
      'of SOCKS5 with credentials',
      () => startSocksProxy({ auth: 'me:x' }),
      (port) => `socks5h://me:x@127.0.0.1:${port}`,
      false,
    ],
  ];
  for (const [name, start, url, asksForUrls] of kinds) {
    it(`${name} takes http, https and raw tunnels, whose names it looks up`, async () => {
      const middle = await start();
      const proxy = await leaving({ proxy: url(middle.port) });
      assert.deepEqual(await get(proxy, plain()), { status: 200, text: 'hello, wörld\n'.normalize() });
      assert.equal((await get(proxy, secure())).status, 200);
      proxy.proxy.hooks.connect.tap('Pass', () => 'tunnel');
      const raw = await proxy.tunnel(HOST, http.port, true);
      raw.send('GET /text HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.equal((await answerOf(raw))?.status, 200);
      raw.close();
      const via = (to: Origin) => (asksForUrls ? 'CONNECT ' : '') + `${HOST}:${to.port}`;
      assert.deepEqual(middle.asked, [asksForUrls ? `GET ${plain()}` : via(http), via(https), via(http)]);
      assert.deepEqual(
        [...proxy.proxy.contacted],
        [`${HOST}:${http.port}`, `127.0.0.1:${middle.port}`, `${HOST}:${https.port}`],
      );
    });
  }

  it('keeps its connections, and its credentials to itself', async () => {
    const middle = await startHttpProxy({ auth: 'me:secret' });
    const file = path.join(temporaryFolder(), 'a.har');
    const proxy = await leaving({ proxy: `http://me:secret@127.0.0.1:${middle.port}` }, [
      new Recorder({ to: file }),
    ]);
    const before = http.connections;
    for (let i = 0; i < 3; i += 1)
      assert.equal((await get(proxy, plain(), 'Proxy-Authorization: Basic Y2xpZW50Ong=\r\n')).status, 200);
    assert.equal(http.connections - before, 1);
    assert.deepEqual(middle.heads[0]?.match(/^proxy-authorization: .*$/gim), [
      'Proxy-Authorization: Basic bWU6c2VjcmV0',
    ]);
    await proxy.proxy.stop();
    assert.ok(existsSync(file));
    const recorded = readFileSync(file, 'utf8');
    assert.doesNotMatch(recorded, /proxy-authorization|bWU6c2VjcmV0|Y2xpZW50Ong|secret/i);
    const { headers } = http.requests.at(-1)!;
    assert.equal(headers['proxy-authorization'], undefined);
  });

  it('carries WebSockets, and keeps its credentials from a server that wants none', async () => {
    const sockets = await WebSocketOrigin.start();
    for (const [middle, url] of [
      [await startHttpProxy({ auth: 'me:x' }), 'http://me:x@'],
      [await startSocksProxy({ auth: 'me:x' }), 'socks5://me:x@'],
    ] as const) {
      const proxy = await leaving({ proxy: `${url}127.0.0.1:${middle.port}` });
      const tunnel = await proxy.tunnel(HOST, sockets.port, true);
      const client = new WebSocket(`ws://${HOST}:${sockets.port}/`, {
        createConnection: () => tunnel.socket,
      });
      tunnel.socket.removeAllListeners('data');
      await once(client, 'open');
      client.send('hello');
      const [answer] = (await once(client, 'message')) as [Buffer];
      assert.match(String(answer), /hello/);
      client.close();
      await once(client, 'close');
      // No WebSocket: the connection of the attempt must not be taken for one to the proxy.
      const upgrade =
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
      for (const fields of [upgrade, '']) assert.equal((await get(proxy, plain(), fields)).status, 200);
      assert.equal(http.requests.at(-1)!.headers['proxy-authorization'], undefined);
      assert.equal(http.requests.at(-1)!.url, '/text');
    }
    sockets.stop();
  });

  it('leaves Host as it is, where it is not the one of the URL', async () => {
    const middle = await startHttpProxy();
    const proxy = await startProxy([], {
      upstream: { proxy: `127.0.0.1:${middle.port}` },
      mode: { reverse: `http://${HOST}:${http.port}`, keepHost: true },
    });
    for (const [host, asked] of [
      ['front.example', `CONNECT ${HOST}:${http.port}`],
      [`${HOST}:${http.port}`, `GET ${plain()}`],
    ] as const) {
      const client = await proxy.open();
      client.send(`GET /text HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      assert.equal((await answerOf(client))?.status, 200);
      assert.equal(http.requests.at(-1)!.headers.host, host);
      assert.equal(middle.asked.at(-1), asked);
      client.close();
    }
  });

  it('that asks for other credentials is told to us, not to clients', async () => {
    const middle = await startHttpProxy({ auth: 'me:secret' });
    const proxy = await leaving({ proxy: `127.0.0.1:${middle.port}` });
    const text = `the upstream proxy http://127.0.0.1:${middle.port} asks for credentials (407); put them into its URL, http://user:password@host:port\n`;
    assert.deepEqual(await get(proxy, plain()), { status: 502, text });
    assert.deepEqual(await get(proxy, secure()), { status: 502, text });
  });

  it('whose way is barred, or that is not there, is named', async () => {
    const middle = await startHttpProxy({ answer: 'HTTP/1.1 403 Not there\r\nContent-Length: 0\r\n\r\n' });
    const barred = await leaving({ proxy: `127.0.0.1:${middle.port}` });
    assert.deepEqual(await get(barred, secure()), {
      status: 502,
      text: `the upstream proxy http://127.0.0.1:${middle.port} refused the way to ${HOST}:${https.port}: 403 Not there\n`,
    });
    const gone = await leaving({ proxy: 'http://127.0.0.1:1' });
    for (const url of [plain(), secure()]) {
      const { status, text } = await get(gone, url);
      assert.equal(status, 502);
      assert.match(text, /^the upstream proxy http:\/\/127\.0\.0\.1:1 refused the connection;/);
    }
  });

  it('of HTTP over TLS has its certificate verified, as servers have', async () => {
    const middle = await startHttpProxy({ tls: await leaf() });
    const through = { proxy: `https://127.0.0.1:${middle.port}`, insecure: false };
    const { status, text } = await get(await leaving(through), plain());
    assert.equal(status, 502);
    assert.match(
      text,
      /^the certificate of the upstream proxy https:\/\/127\.0\.0\.1:\d+ was refused: its issuer is not trusted here/,
    );
    assert.deepEqual(middle.asked, []);
    const { certificatePem: ca } = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
    assert.equal((await get(await leaving({ ...through, ca }), plain())).status, 200);
  });

  it('that says nothing is not waited for', async () => {
    const middle = await startHttpProxy({ answer: '' });
    const proxy = await leaving({ proxy: `socks5://127.0.0.1:${middle.port}` }, [], {
      limits: { upstreamConnect: 50 },
    });
    const { status, text } = await get(proxy, secure());
    assert.equal(status, 504);
    assert.match(
      text,
      /^no connection to shop\.example:\d+ through the upstream proxy socks5:\/\/127.+ within 0\.05 s\n$/,
    );
  });

  it('is passed by for what goes past it', async () => {
    const middle = await startHttpProxy();
    const proxy = await leaving({ proxy: `127.0.0.1:${middle.port}`, noProxy: ['127.0.0.0/8'] });
    assert.equal((await get(proxy, `${http.url}/text`)).status, 200);
    assert.deepEqual(middle.asked, []);
    assert.deepEqual([...proxy.proxy.contacted], [`127.0.0.1:${http.port}`]);
  });

  it('that is ourselves is refused, and not contacted', async () => {
    const other = await startProxy([]);
    const proxy = await leaving({ proxy: other.proxy.url });
    for (const url of [plain(), secure()]) {
      const { status, text } = await get(proxy, url);
      assert.equal(status, 508);
      assert.match(text, /^the upstream proxy http:\/\/127\.0\.0\.1:\d+ is this proxy itself;/);
    }
    assert.deepEqual([...proxy.proxy.contacted], []);
  });

  it('is not contacted under kill or offline', async () => {
    const middle = await startHttpProxy();
    const through = { proxy: `127.0.0.1:${middle.port}` };
    const killing = await leaving(through, [new KillUnmatched()]);
    assert.equal((await get(killing, plain())).status, undefined);
    const ledger = new Ledger();
    const insist: AddonInput = (proxy) => proxy.hooks.request.tap('Insist', () => forward());
    const offline = await leaving(through, [insist, ledger], { offline: true });
    assert.equal((await get(offline, plain())).status, 502);
    assert.deepEqual([...killing.proxy.contacted, ...offline.proxy.contacted], []);
    assert.deepEqual(ledger.report().contacted, []);
    assert.deepEqual(middle.asked, []);
  });

  it('may be another of our kind, in a process of its own', async function () {
    this.timeout(10_000);
    const other = new RunningReplay(temporaryFolder(), '--proxy-auth', 'secret', '--insecure');
    try {
      const address = (await other.line(/^listening on http:\/\/(.+)$/m)).trim();
      const proxy = await leaving({ proxy: `http://tests:secret@${address}` });
      assert.equal((await get(proxy, `${http.url}/text`)).status, 200);
      assert.equal((await get(proxy, `${https.url}/text`)).status, 200);
      assert.match(other.out, /GET http:\/\/127\.0\.0\.1/);
      const stranger = await leaving({ proxy: `http://tests:wrong@${address}` });
      assert.equal((await get(stranger, `${http.url}/text`)).status, 502);
    } finally {
      await other.stop('SIGTERM');
    }
  });
});

async function leaf() {
  const { key, cert } = (await CertificateAuthority.open(sharedAuthorityFolder(), Date.now)).leafFor(
    '127.0.0.1',
  );
  return { key, cert };
}
