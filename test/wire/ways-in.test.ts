import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  Body,
  HttpRequest,
  HttpResponse,
  Ledger,
  openRecording,
  type ProxyOptions,
  Recorder,
  type RecordedFlow,
  respond,
} from 'replay-proxy';
import { SocksClient } from 'socks';
import { RunningReplay } from '../cli/command';
import { Origin } from '../support/origin';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { RawClient } from '../support/raw-client';
import {
  answerOf,
  needs,
  replayAddons,
  startProxy,
  stopProxies,
  temporaryFolder,
  type WireProxy,
} from '../support/wire';

const SHOP = 'http://shop.example';
const recorded = (url: string, body: string, number = 1): RecordedFlow => ({
  source: 'shop.har',
  number,
  request: HttpRequest.to(url),
  response: new HttpResponse({ body }),
});
const PAGES = [recorded(`${SHOP}/page`, 'plain'), recorded('https://shop.example/page', 'secure', 2)];

const run = promisify(execFile);
const curl = async (...args: string[]) =>
  (
    await run('curl', ['-sS', '--max-time', '8', '--noproxy', '', ...args], {
      env: { PATH: process.env['PATH'] },
    })
  ).stdout;
/** What curl says went wrong. */
const failure = (error: unknown) => String((error as { stderr?: string }).stderr);

/** Regular, SOCKS5 and in place of the shop. */
const allWays = (from: RecordedFlow[], options: ProxyOptions = {}) =>
  startProxy(replayAddons([from]), { ...options, listeners: ['socks5@0', `reverse:${SHOP}@0`] });
const socksOf = ({ proxy }: WireProxy, credentials = '') =>
  proxy.urls[1]!.replace('socks5://', `socks5h://${credentials}`);

describe('the ways in', () => {
  let origin: Origin;
  let held: Resources;
  before(async () => {
    held = resourcesNow();
    origin = await Origin.start();
  });
  after(async () => {
    await origin.stop();
    await settlesTo(held);
  });
  afterEach(stopProxies);

  it('are as many as are told, each with its URL', async () => {
    const { proxy } = await allWays([]);
    assert.deepEqual(
      proxy.urls.map((url) => url.replace(/\d+$/, '')),
      ['http://127.0.0.1:', 'socks5://127.0.0.1:', 'http://127.0.0.1:'],
    );
    assert.equal(proxy.url, proxy.urls[0]);
  });

  describe('by curl', () => {
    before(function () {
      needs(this, 'curl');
    });

    it('lead to the same recording, and to the session of a user name', async () => {
      const ask = async (proxy: WireProxy, ...args: string[]) =>
        await curl('--cacert', proxy.caFile, ...args).catch(failure);
      const proxy = await allWays([recorded(`${SHOP}/page`, 'one'), recorded(`${SHOP}/page`, 'two', 2)]);
      const url = `${SHOP}/page`;
      assert.equal(await ask(proxy, '-x', proxy.proxy.url, url), 'one');
      assert.equal(await ask(proxy, '-x', socksOf(proxy), url), 'two');
      assert.match(await ask(proxy, `${proxy.proxy.urls[2]}/page`), /Empty reply/, 'used up');
      assert.equal(await ask(proxy, '-x', socksOf(proxy, 'b:x@'), url), 'one');
      assert.equal(await ask(proxy, '-x', proxy.proxy.url.replace('//', '//b:x@'), url), 'two');
      assert.deepEqual([...proxy.proxy.contacted], []);
      assert.deepEqual(
        proxy.flows.map(({ session, outcome }) => `${session} ${outcome}`),
        [' replayed', ' replayed', ' killed', 'b replayed', 'b replayed'],
      );
    });

    it('of SOCKS5 take https, and need no DNS', async () => {
      const proxy = await allWays(PAGES);
      assert.equal(
        await curl('--cacert', proxy.caFile, '-x', socksOf(proxy), 'https://shop.example/page'),
        'secure',
      );
      assert.equal(await curl('--socks5-hostname', new URL(socksOf(proxy)).host, `${SHOP}/page`), 'plain');
    });

    it('take a password, the same on each', async () => {
      const proxy = await allWays([recorded(`${SHOP}/page`, 'one'), recorded(`${SHOP}/page`, 'two', 2)], {
        listen: { proxyAuth: 'secret' },
      });
      const { url } = proxy.proxy;
      assert.match(await curl('-x', url, '-i', `${SHOP}/page`), /^HTTP\/1\.1 407 /);
      assert.match(await curl('-x', url, '-p', `${SHOP}/page`).catch(failure), /407/);
      assert.match(
        await curl('-x', socksOf(proxy), `${SHOP}/page`).catch(failure),
        /No authentication method|User was rejected/i,
      );
      assert.match(await curl('-x', socksOf(proxy, 'a:wrong@'), `${SHOP}/page`).catch(failure), /rejected/i);
      assert.match(await curl('-i', `${proxy.proxy.urls[2]}/page`), /^HTTP\/1\.1 407 /);
      const digest = await curl('-x', url, '--proxy-header', 'Proxy-Authorization: Digest x', `${SHOP}/page`);
      assert.match(digest, /^proxy credentials of the scheme Digest are not read here; send Basic ones/);
      assert.equal(proxy.flows.length, 0);
      assert.equal(await curl('-x', socksOf(proxy, 'a:secret@'), `${SHOP}/page`), 'one');
      assert.equal(await curl('-x', url.replace('//', '//a:secret@'), `${SHOP}/page`), 'two');
    });

    it('of SOCKS5 are recorded with names, and without credentials', async () => {
      const file = path.join(temporaryFolder(), 'a.har');
      const { proxy } = await startProxy([new Recorder({ to: file })], { listeners: ['socks5@0'] });
      const via = proxy.urls[1]!.replace('socks5://', 'socks5h://tests:hidden@');
      assert.match(await curl('-x', via, `http://localhost:${origin.port}/text`), /^hello/);
      await proxy.stop();
      const recording = await openRecording(file);
      assert.deepEqual(
        recording.flows.map(({ request, session }) => [request.host, session]),
        [['localhost', 'tests']],
      );
      assert.doesNotMatch(
        JSON.stringify(recording.flows.map(({ request }) => [...request.headers])),
        /hidden|proxy/i,
      );
      await recording.close();
    });

    it('of SOCKS5 hold what kills and what is offline', async () => {
      const insist = (proxy: WireProxy['proxy']) =>
        void proxy.hooks.connect.tap('Insist', () => 'tunnel' as const);
      const ledger = new Ledger();
      const { proxy } = await startProxy([insist, ledger], { offline: true, listeners: ['socks5@0'] });
      const told = await curl('-x', proxy.urls[1]!.replace('5:', '5h:'), `${origin.url}/text`).catch(failure);
      assert.match(told, /\(2\)|not allowed/i);
      const killing = await startProxy(replayAddons([[]]), {
        listeners: ['socks5@0'],
        limits: { tunnelSilence: 50 },
      });
      const to = { host: '127.0.0.1', port: origin.port };
      const { socket } = await SocksClient.createConnection({
        command: 'connect',
        proxy: { host: '127.0.0.1', port: Number(new URL(killing.proxy.urls[1]!).port), type: 5 },
        destination: to,
      });
      assert.equal(await new RawClient(socket).send('\x00 no HTTP').end(), '');
      assert.deepEqual([...proxy.contacted, ...killing.proxy.contacted], []);
      assert.equal(ledger.report().refused.length, 1);
    });
  });

  it('of git may be SOCKS5', async function () {
    needs(this, 'git');
    const flush = '0000';
    const refs = `001e# service=git-upload-pack\n${flush}${flush}`;
    const answer = (proxy: WireProxy['proxy']) =>
      void proxy.hooks.request.tap('Git', ({ request }) =>
        request.path.startsWith('/shop.git/info/refs')
          ? respond(
              new HttpResponse({
                headers: { 'content-type': 'application/x-git-upload-pack-advertisement' },
                body: Body.from(refs),
              }),
            )
          : undefined,
      );
    const { proxy, flows } = await startProxy([answer], { listeners: ['socks5@0'] });
    const via = proxy.urls[1]!.replace('socks5:', 'socks5h:');
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
    const args = ['-c', `http.proxy=${via}`, 'ls-remote', `${SHOP}/shop.git`];
    assert.equal((await run('git', args, { env })).stdout, '');
    assert.equal(flows[0]?.request.host, 'shop.example');
  });

  it('of Python are tunnels, kept for many requests', async function () {
    needs(this, 'python3');
    const proxy = await allWays(PAGES);
    const script = `
import http.client, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
for port, make in ((80, http.client.HTTPConnection), (443, lambda *a: http.client.HTTPSConnection(*a, context=context))):
    connection = make('127.0.0.1', int(sys.argv[1]))
    connection.set_tunnel('shop.example', port, {'Proxy-Authorization': 'Basic YTp4'})
    connection.request('GET', '/page')
    print(connection.getresponse().read().decode())
`;
    const { stdout } = await run('python3', ['-c', script, String(proxy.port), proxy.caFile]);
    assert.equal(stdout, 'plain\nsecure\n');
    assert.deepEqual(
      proxy.flows.map(({ session }) => session),
      ['a', 'a'],
    );
  });

  it('of SOCKS5 carry what another client of it wants, raw bytes too', async () => {
    const { proxy } = await startProxy([], { listeners: ['socks5@0'], limits: { tunnelSilence: 20 } });
    const connect = (port: number) =>
      SocksClient.createConnection({
        command: 'connect',
        proxy: {
          host: '127.0.0.1',
          port: Number(new URL(proxy.urls[1]!).port),
          type: 5,
          userId: 'me',
          password: 'x',
        },
        destination: { host: 'localhost', port },
      });
    const client = new RawClient((await connect(origin.port)).socket);
    client.send(`GET /text HTTP/1.1\r\nHost: localhost:${origin.port}\r\n\r\n`);
    assert.equal((await answerOf(client))?.status, 200);
    client.close();
    const own = Number(new URL(proxy.url).port);
    const loop = new RawClient((await connect(own)).socket);
    loop.send(`GET / HTTP/1.1\r\nHost: localhost:${own}\r\nConnection: close\r\n\r\n`);
    assert.match(await loop.end(), /^HTTP\/1\.1 508 /);
  });

  describe('of the command line', function () {
    this.timeout(15_000);
    let running: RunningReplay;
    afterEach(() => running.stop('SIGTERM'));

    it('are told by --mode, each with a line', async function () {
      needs(this, 'curl');
      const modes = ['socks5@127.0.0.1:0', `reverse:${origin.url}@0`].flatMap((mode) => ['--mode', mode]);
      running = new RunningReplay(temporaryFolder(), ...modes, '--proxy-auth', 'secret');
      const socks = await running.line(
        /^listening on socks5:\/\/(\S+), for SOCKS5 \(socks5h:\/\/ in curl and git\)$/m,
      );
      const reverse = await running.line(new RegExp(`^listening on (\\S+), in place of ${origin.url}$`, 'm'));
      await running.line(/^listening on http:\/\/127\.0\.0\.1:\d+$/m);
      assert.match(await curl('-x', `socks5h://a:secret@${socks}`, `${origin.url}/text`), /^hello/);
      assert.match(
        await curl(
          '--proxy-header',
          'x: y',
          '-H',
          'Proxy-Authorization: Basic YTpzZWNyZXQ=',
          `${reverse}/text`,
        ),
        /^hello/,
      );
    });
  });

  it('end TLS on any port', async () => {
    const proxy = await allWays(PAGES);
    const client = await RawClient.open({
      host: '127.0.0.1',
      port: Number(new URL(proxy.proxy.urls[2]!).port),
    });
    const secured = await client.secure({ ca: proxy.ca, host: '127.0.0.1' });
    secured.send('GET /page HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(String((await answerOf(secured))?.body), 'plain');
    secured.close();
  });
});
