import assert from 'node:assert/strict';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import {
  HttpRequest,
  HttpResponse,
  KillUnmatched,
  type Miss,
  type RecordedFlow,
  ServerReplay,
  type ServerReplayOptions,
} from 'replay-proxy';
import { ProxyAgent, request } from 'undici';
import { startProxy, stopProxies, type WireProxy } from '../support/wire';

const recorded = (url: string, number: number): RecordedFlow => ({
  source: 'search.har',
  number,
  request: HttpRequest.to(url),
  response: new HttpResponse({ body: `answer ${number}`, startedAt: 1 }),
});
const SEARCH = 'http://shop.example/search?b=2&a=1&q=x';
const FLOWS = [
  recorded(SEARCH, 1),
  ...[2, 3, 4].map((number) => recorded('http://shop.example/poll', number)),
  recorded('https://shop.example/secure?v=1', 5),
];

describe('misses over the wire', () => {
  afterEach(stopProxies);
  const missing = (options: ServerReplayOptions = {}) =>
    startProxy([new ServerReplay({ from: [FLOWS], ...options }), new KillUnmatched(404)]);

  function get({ port }: WireProxy, path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; type: string; body: string }>((done, fail) => {
      http
        .request(
          { host: '127.0.0.1', port, path, method, headers: { host: 'shop.example', ...headers } },
          (response) => {
            const type = response.headers['content-type'] ?? '';
            text(response).then((body) => done({ status: response.statusCode!, type, body }), fail);
          },
        )
        .on('error', fail)
        .end();
    });
  }

  it('name the facet and both values; the rule to paste makes it match', async () => {
    const { status, type, body } = await get(await missing(), SEARCH.replace('a=1', 'a=7'));
    assert.deepEqual([status, type], [404, 'text/plain; charset=utf-8']);
    assert.match(body, /^ {4}query\.a {3}asked 7 {3}recorded 1$/m);
    const [, rule = ''] = /--ignore (\S+)/.exec(body) ?? [];
    const again = await get(await missing({ ignore: [rule] }), SEARCH.replace('a=1', 'a=7'));
    assert.deepEqual([again.status, again.body], [200, 'answer 1']);
  });

  it('tell used up from never recorded', async () => {
    const proxy = await missing();
    for (let i = 0; i < 3; i += 1) assert.equal((await get(proxy, 'http://shop.example/poll')).status, 200);
    const { body } = await get(proxy, 'http://shop.example/poll');
    assert.match(body, /^used up: all 3 entries that match have answered already$/m);
    assert.doesNotMatch(body, /never recorded/);
  });

  it('are JSON for who prefers it, and no body for HEAD', async () => {
    const proxy = await missing();
    const { body, type } = await get(proxy, `${SEARCH}&t=1`, { accept: 'application/json, text/plain, */*' });
    assert.equal(type, 'application/json');
    assert.equal((JSON.parse(body) as Miss).nearest[0]?.differences[0]?.facet, 'query.t');
    const head = await get(proxy, 'http://shop.example/none', {}, 'HEAD');
    assert.deepEqual([head.status, head.body], [404, '']);
  });

  it('reach a client inside TLS', async () => {
    const proxy = await missing();
    const dispatcher = new ProxyAgent({ uri: proxy.proxy.url, requestTls: { ca: proxy.ca } });
    const { body } = await request('https://shop.example/secure?v=2', { dispatcher });
    assert.match(await body.text(), /^ {4}query\.v {3}asked 2 {3}recorded 1$/m);
    await dispatcher.close();
  });
});
