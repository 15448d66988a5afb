import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { ProxyAgent, request } from 'undici';
import { needs, RECORDINGS, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';

const run = promisify(execFile);
const recording = (name: string) => path.join(RECORDINGS, name);
const HTTP = recording('mitmproxy/reverse-http-v21.mitm');
const HTTPS = recording('mitmproxy/regular-https-v21.mitm');
const SEQ = 'http://127.0.0.1:47002/seq?i=1';
const FAR = 'https://localhost:47443/far';
const SHOP = recording('chromium/shop-embedded.har');
const CART = 'http://127.0.0.1:8123/api/cart';

describe('clients of a replay', () => {
  afterEach(stopProxies);

  describe('curl', () => {
    const curl = async (...args: string[]) =>
      (await run('curl', ['-sS', '--noproxy', '', '--max-time', '10', ...args])).stdout;

    before(function () {
      needs(this, 'curl');
    });

    it('gets equal requests answered in recorded order, then an empty reply', async () => {
      const { proxy } = await startProxy(replayAddons([HTTP]));
      const first = await curl('-x', proxy.url, SEQ);
      const second = await curl('-x', proxy.url, SEQ);
      assert.match(first, /^\{"n": \d+, "path": "\/seq\?i=1"/);
      assert.match(second, /^\{"n": \d+, "path": "\/seq\?i=1"/);
      assert.notEqual(first, second);
      await assert.rejects(curl('-x', proxy.url, SEQ), { code: 52 });
      assert.deepEqual([...proxy.contacted], []);
    });

    it('speaks HTTP/1.0', async () => {
      const { proxy } = await startProxy(replayAddons([HTTP]));
      const answer = await curl('-0', '-i', '-x', proxy.url, SEQ);
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.doesNotMatch(answer, /transfer-encoding/i);
    });

    for (const [version, head, kill] of [
      ['--http1.1', 'HTTP/1.1 200 OK\r\nDate', 52],
      ['--http2', 'HTTP/2 200 \r\ndate', 92],
    ] as const) {
      it(`gets HTTPS, trusting our CA (${version})`, async () => {
        const { proxy, caFile } = await startProxy(replayAddons([HTTPS], { now: false }));
        const ask = [version, '-x', proxy.url, '--cacert', caFile, FAR];
        const answer = await curl('-i', ...ask);
        assert.ok(answer.includes(`\r\n\r\n${head}: Sun, 22 Nov 2026 11:16:59 GMT\r\n`), answer);
        assert.match(answer, /"path": "\/far"/);
        await assert.rejects(curl(...ask), { code: kill });
        assert.deepEqual([...proxy.contacted], []);
      });
    }

    it('gets a POST of a form and of JSON with other white space', async () => {
      const { proxy } = await startProxy(replayAddons([HTTP, SHOP]));
      const form = await curl('-x', proxy.url, '-d', 'a=1&b=2', 'http://127.0.0.1:47002/form');
      assert.match(form, /"path": "\/form"/);
      const recorded = await recordedBody();
      const spaced = JSON.stringify(JSON.parse(recorded), undefined, 3);
      const type = 'content-type: application/json';
      const cart = await curl('-x', proxy.url, '-w', '%{http_code}', '-H', type, '-d', spaced, CART);
      assert.match(cart, /201$/);
    });

    it('gets HEAD with the length of what GET would bring', async () => {
      const flows = [
        { url: 'http://shop.example/a', method: 'HEAD', headers: { 'Content-Length': '12345' }, body: '' },
      ];
      const { proxy } = await startProxy(replayAddons([harOf(flows)]));
      const answer = await curl('-I', '-x', proxy.url, 'http://shop.example/a');
      assert.match(answer, /\r\nContent-Length: 12345\r\n/);
    });
  });

  describe('Node', () => {
    it('gets HTTP and HTTPS through a ProxyAgent of undici', async () => {
      const { proxy, ca } = await startProxy(replayAddons([HTTP, HTTPS]));
      const dispatcher = new ProxyAgent({ uri: proxy.url, requestTls: { ca } });
      const bodies = [];
      for (const url of [SEQ, SEQ, FAR]) {
        const { statusCode, body } = await request(url, { dispatcher });
        assert.equal(statusCode, 200);
        bodies.push((await body.json()) as { n: number; path: string });
      }
      assert.deepEqual(
        bodies.map((body) => body.path),
        ['/seq?i=1', '/seq?i=1', '/far'],
      );
      assert.equal(bodies[1]!.n, bodies[0]!.n + 1);
      await assert.rejects(request(SEQ, { dispatcher }), /other side closed|socket/i);
      await dispatcher.close();
      assert.deepEqual([...proxy.contacted], []);
    });

    it('gets HTTP through node:http with an agent that keeps connections', async () => {
      const { proxy, port } = await startProxy(replayAddons([SHOP]));
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const seen = [];
      for (let i = 0; i < 3; i += 1) {
        const asked = http.get({ agent, host: '127.0.0.1', port, path: 'http://127.0.0.1:8123/poll' });
        const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
        seen.push(await text(answer));
        assert.equal(asked.reusedSocket, i > 0);
      }
      assert.equal(new Set(seen).size, 3, 'three polls, three answers');
      agent.destroy();
      assert.deepEqual([...proxy.contacted], []);
    });
  });

  describe('Python', () => {
    const script = `
import ssl, sys, urllib.request
proxy, ca, *urls = sys.argv[1:]
handlers = [urllib.request.ProxyHandler({'http': proxy, 'https': proxy})]
if ca != '-':
    handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
opener = urllib.request.build_opener(*handlers)
for url in urls:
    try:
        with opener.open(url, timeout=10) as answer:
            print(answer.status, answer.read().decode().strip())
    except Exception as error:
        print(type(error).__name__)
`;
    const python = async (args: string[], env: Record<string, string> = {}) => {
      const { stdout } = await run('python3', ['-c', script, ...args], { env: { ...process.env, ...env } });
      return stdout.trim().split('\n');
    };

    before(function () {
      needs(this, 'python3');
    });

    it('gets HTTP, and the request after the last one is cut off', async () => {
      const { proxy } = await startProxy(replayAddons([HTTP]));
      const [first, second, third] = await python([proxy.url, '-', SEQ, SEQ, SEQ]);
      assert.match(first!, /^200 .*"path": "\/seq\?i=1"/);
      assert.match(second!, /^200 .*"path": "\/seq\?i=1"/);
      assert.equal(third, 'RemoteDisconnected');
      assert.deepEqual([...proxy.contacted], []);
    });

    it('gets HTTPS with the CA in a context, and in SSL_CERT_FILE', async () => {
      const { proxy, caFile } = await startProxy(replayAddons([HTTPS], { reuse: 'hold' }));
      const [answer] = await python([proxy.url, caFile, FAR]);
      assert.match(answer!, /^200 .*"path": "\/far"/);
      assert.deepEqual(await python([proxy.url, '-', FAR], { SSL_CERT_FILE: caFile }), [answer]);
      assert.deepEqual([...proxy.contacted], []);
    });
  });
});

async function recordedBody(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const har = JSON.parse(readFileSync(SHOP, 'utf8')) as {
    log: { entries: { request: { url: string; postData?: { text: string } } }[] };
  };
  return har.log.entries.find(({ request: { url } }) => url === CART)!.request.postData!.text;
}

/** A HAR written by hand, as a file. */
function harOf(
  flows: { url: string; method: string; headers: Record<string, string>; body: string }[],
): string {
  const file = path.join(temporaryFolder(), 'made.har');
  const entries = flows.map(({ url, method, headers, body }) => ({
    startedDateTime: '2026-01-01T00:00:00.000Z',
    time: 1,
    request: { method, url, httpVersion: 'HTTP/1.1', headers: [], queryString: [], cookies: [] },
    response: {
      status: 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      cookies: [],
      content: { size: body.length, mimeType: 'text/plain', text: body },
    },
    timings: { send: 0, wait: 1, receive: 0 },
  }));
  writeFileSync(file, JSON.stringify({ log: { version: '1.2', entries } }));
  return file;
}
