import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { HttpRequest, HttpResponse, openRecording, Recorder, type RecordedFlow } from 'replay-proxy';
import { Agent, ProxyAgent, request } from 'undici';
import { Origin } from '../support/origin';
import {
  needs,
  replayAddons,
  startProxy,
  stopProxies,
  temporaryFolder,
  type WireProxy,
} from '../support/wire';

const URL = 'http://shop.example/step';

/** Three equal requests, answered differently. */
const STEPS = [1, 2, 3].map((number): RecordedFlow => ({
  source: 'steps.har',
  number,
  request: HttpRequest.to(URL),
  response: new HttpResponse({ body: `step ${number}`, startedAt: 1 }),
}));

const named = (proxy: WireProxy, name: string) => proxy.proxy.url.replace('//', `//${name}:x@`);

/** What a client of that session is told; `killed` when the connection is closed. */
async function ask(uri: string, url = URL, ca?: string): Promise<string> {
  const agent = new ProxyAgent({ uri, ...(ca && { requestTls: { ca } }) });
  try {
    const { body, statusCode } = await request(url, { dispatcher: agent });
    const text = await body.text();
    return statusCode === 200 ? text : `${statusCode} ${text}`;
  } catch {
    return 'killed';
  } finally {
    await agent.close();
  }
}

describe('sessions', () => {
  let shared: WireProxy | undefined;
  const theShared = async () => (shared ??= await startProxy(replayAddons([STEPS])));
  after(stopProxies);

  // Ten tests, started side by side, that share one proxy.
  const running = new Map<string, Promise<string[]>>();
  before(async () => {
    const proxy = await theShared();
    for (let i = 0; i < 10; i += 1) {
      const uri = named(proxy, `test-${i}`);
      running.set(
        `test-${i}`,
        (async () => {
          const answers: string[] = [];
          for (let step = 0; step < 4; step += 1) answers.push(await ask(uri));
          return answers;
        })(),
      );
    }
  });
  for (let i = 0; i < 10; i += 1) {
    it(`give test ${i} of ten that run side by side its own answers, in order`, async () => {
      assert.deepEqual(await running.get(`test-${i}`), ['step 1', 'step 2', 'step 3', 'killed']);
    });
  }

  it('are told apart in flows, misses and the default session', async () => {
    const { flows, proxy } = await theShared();
    assert.equal(await ask(proxy.url), 'step 1');
    const mine = flows.filter(({ session }) => session === 'test-3');
    assert.equal(mine.length, 4);
    const missed = mine.find(({ miss }) => miss);
    assert.deepEqual([missed?.miss?.session, missed?.miss?.reason], ['test-3', 'used up']);
    assert.equal(flows.at(-1)?.session, '');
  });

  it('hold for a whole CONNECT, in TLS and without', async () => {
    const flow = (url: string): RecordedFlow => ({ ...STEPS[0]!, request: HttpRequest.to(url) });
    const proxy = await startProxy(
      replayAddons([[flow('https://shop.example/'), flow('http://shop.example/plain')]]),
    );
    assert.equal(await ask(named(proxy, 'tls'), 'https://shop.example/', proxy.ca), 'step 1');
    assert.equal(proxy.flows.at(-1)?.session, 'tls');
    const tunnel = await proxy.open();
    const credentials = Buffer.from('plain:').toString('base64');
    tunnel.send(
      `CONNECT shop.example:80 HTTP/1.1\r\nHost: shop.example\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`,
    );
    await tunnel.until(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
    tunnel.send('GET /plain HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
    assert.match(await tunnel.end(), /step 1$/);
    assert.equal(proxy.flows.at(-1)?.session, 'plain');
  });

  it('have ports of their own in reverse mode, whose consumption lasts the run', async () => {
    const { proxy } = await startProxy(replayAddons([STEPS]), { mode: { reverse: 'http://shop.example' } });
    // Each on a connection of its own: one that stands is served also after its port is closed.
    const get = async (base: string) =>
      (await request(`${base}/step`, { dispatcher: new Agent({ pipelining: 0 }) })).body.text();
    const [a, b] = await Promise.all([proxy.session('a'), proxy.session('b')]);
    assert.notEqual(a, b);
    assert.equal(await proxy.session('a'), a);
    assert.deepEqual(
      [await get(a), await get(b), await get(a), await get(proxy.url)],
      ['step 1', 'step 1', 'step 2', 'step 1'],
    );
    proxy.closeSession('a');
    await assert.rejects(get(a), { code: 'ECONNREFUSED' });
    assert.equal(await get(await proxy.session('a')), 'step 3');
    await assert.rejects(proxy.session(''), { code: 'ERR_CONFIG' });
    await proxy.stop();
    await assert.rejects(proxy.session('a'), { code: 'ERR_CONFIG' });
  });

  it('can be required, which clients that wait for a challenge understand', async function () {
    const proxy = await startProxy(replayAddons([STEPS]), { sessions: 'required' });
    for (const target of [`GET ${URL}`, 'CONNECT shop.example:443']) {
      const raw = (await proxy.open()).send(`${target} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
      assert.match(
        await raw.end(),
        /^HTTP\/1\.1 407 [^]*proxy-authenticate: Basic realm="replay-proxy"[^]*name a session/,
      );
    }
    assert.equal(await ask(named(proxy, 'a')), 'step 1');
    assert.equal(proxy.flows.length, 1);
    needs(this, 'curl');
    const curl = promisify(execFile);
    const args = ['-sS', '--noproxy', '', '--proxy-anyauth', '-x', named(proxy, 'curl'), URL];
    assert.equal((await curl('curl', args)).stdout, 'step 1');
  });

  it('are behind a password, if there is one', async () => {
    const proxy = await startProxy(replayAddons([STEPS]), { listen: { proxyAuth: 'secret' } });
    assert.equal(await ask(named(proxy, 'a')), 'killed');
    assert.equal(proxy.flows.length, 0);
    assert.equal(await ask(proxy.proxy.url.replace('//', '//a:secret@')), 'step 1');
    assert.deepEqual(
      proxy.flows.map(({ request: { headers } }) => headers.has('proxy-authorization')),
      [false],
    );
  });

  it('can be turned off', async () => {
    const proxy = await startProxy(replayAddons([STEPS]), { sessions: false });
    assert.equal(await ask(named(proxy, 'a')), 'step 1');
    assert.equal(await ask(named(proxy, 'b')), 'step 2');
    await assert.rejects(proxy.proxy.session('a'), { code: 'ERR_CONFIG' });
  });

  it('tag what they record, and see only that and what has no tag', async () => {
    const origin = await Origin.start();
    const to = path.join(temporaryFolder(), 'sessions.har');
    const who = `${origin.url}/who`;
    const recorder = await startProxy([new Recorder({ to })]);
    for (const name of ['ann', 'bob']) await ask(named(recorder, name), who);
    await recorder.proxy.stop();
    await origin.stop();
    const recording = await openRecording(to);
    assert.deepEqual(
      recording.flows.map(({ session }) => session),
      ['ann', 'bob'],
    );
    recording.close();

    const proxy = await startProxy(replayAddons([to]));
    assert.match(await ask(named(proxy, 'bob'), who), / 2$/);
    assert.equal(await ask(named(proxy, 'bob'), who), 'killed');
    assert.equal(await ask(proxy.proxy.url, who), 'killed');
    assert.match(proxy.flows.at(-1)?.miss?.unfit[0]?.why ?? '', /recorded in session ann/);
    assert.match(await ask(named(proxy, 'ann'), who), / 1$/);
  });

  it('come and go by the thousand and leave nothing but what they have consumed', async function () {
    if (!global.gc) {
      const { setFlagsFromString } = await import('node:v8');
      const { runInNewContext } = await import('node:vm');
      setFlagsFromString('--expose-gc');
      global.gc = runInNewContext('gc') as NodeJS.GCFunction;
    }
    const proxy = await startProxy(replayAddons([STEPS]));
    const client = await proxy.open();
    const visit = async (from: number, to: number) => {
      for (let i = from; i < to; i += 1) {
        const credentials = Buffer.from(`session-${i}:x`).toString('base64');
        client.send(
          `GET ${URL} HTTP/1.1\r\nHost: shop.example\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`,
        );
        await client.until(/step 1$/);
        client.clear();
        proxy.flows.length = 0;
      }
    };
    await visit(0, 2000);
    global.gc!();
    const before = process.memoryUsage().heapUsed;
    await visit(2000, 12_000);
    global.gc!();
    const grown = (process.memoryUsage().heapUsed - before) / 10_000;
    assert.ok(grown < 1000, `${Math.round(grown)} bytes a session`);
    client.close();
  }).timeout(30_000);
});
