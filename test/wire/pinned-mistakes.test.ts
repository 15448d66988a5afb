import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Package from 'replay-proxy';
import {
  type AddonInput,
  Body,
  forward,
  HttpRequest,
  HttpResponse,
  kill,
  KillUnmatched,
  type MitmProxy,
  type RecordedFlow,
  respond,
  ServerReplay,
} from 'replay-proxy';
import { compiledCopy } from '../support/compiled-copy';
import { Origin } from '../support/origin';
import type { RawClient } from '../support/raw-client';
import { answerOf, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';
import type { WireProxy } from '../support/wire';

const CLOSE = 'Connection: close\r\n\r\n';

describe('mistakes of others, each pinned', () => {
  let origin: Origin;
  let secure: Origin;

  before(async () => {
    const authority = temporaryFolder();
    [origin, secure] = await Promise.all([Origin.start(), Origin.start(authority)]);
  });
  beforeEach(() => {
    origin.seen.length = secure.seen.length = origin.connections = secure.connections = 0;
  });
  afterEach(stopProxies);
  after(() => Promise.all([origin.stop(), secure.stop()]));

  const untouched = (proxy: WireProxy) => {
    assert.deepEqual([origin.connections, secure.connections], [0, 0]);
    assert.deepEqual([...proxy.proxy.contacted], []);
  };
  const recorded = (url: string, body: string, at = 1): RecordedFlow => ({
    source: 'made.har',
    number: at,
    request: HttpRequest.to(url),
    response: new HttpResponse({ body, startedAt: 1 }),
  });
  const say = async (proxy: WireProxy, line: string, rest = CLOSE) =>
    (await proxy.open()).send(`${line} HTTP/1.1\r\nHost: x\r\n${rest}`).end();

  it('kill stays on after the last entry is used, and before the first is loaded', async () => {
    const proxy = await startProxy(replayAddons([[recorded(`${origin.url}/a`, 'one')]]));
    assert.match(await say(proxy, `GET ${origin.url}/a`), /\r\n\r\none$/);
    for (let i = 0; i < 3; i += 1) assert.equal(await say(proxy, `GET ${origin.url}/a`), '');
    untouched(proxy);
    const empty = await startProxy(replayAddons([]));
    assert.equal(await say(empty, `GET ${origin.url}/a`), '');
    untouched(empty);
  });

  it("a user's answer is never overruled by kill, whoever is asked first", async () => {
    const mine: AddonInput = ({ hooks }: MitmProxy) => {
      hooks.request.tap('Mine', ({ request }) => request.path === '/late' && respond(text('mine')));
      hooks.unmatched.tap('Mine', ({ request }) => request.path === '/later' && respond(text('mine too')));
    };
    for (const addons of [
      [mine, new KillUnmatched()],
      [new KillUnmatched(), mine],
    ]) {
      const proxy = await startProxy(addons);
      assert.match(await say(proxy, 'GET http://x.example/late'), /\r\n\r\nmine$/);
      assert.match(await say(proxy, 'GET http://x.example/later'), /\r\n\r\nmine too$/);
      assert.equal(await say(proxy, 'GET http://x.example/never'), '');
      untouched(proxy);
    }
  });

  it('a replayed or killed request opens no upstream connection, plain and inside CONNECT', async () => {
    const flows = [recorded(`${origin.url}/a`, 'plain'), recorded(`${secure.url}/a`, 'secure', 2)];
    const proxy = await startProxy(replayAddons([flows]));
    assert.match(await say(proxy, `GET ${origin.url}/a`), /\r\n\r\nplain$/);
    assert.equal(await say(proxy, `GET ${origin.url}/b`), '');
    const inside = await proxy.tunnel('127.0.0.1', secure.port);
    inside.send('GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    assert.equal((await answerOf(inside))?.body.toString(), 'secure');
    inside.send('GET /b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    assert.equal(await answerOf(inside), undefined);
    const neither = await proxy.tunnel('127.0.0.1', secure.port, true);
    assert.equal(await neither.send('\x00\x01\x02 neither TLS nor HTTP').end(), '');
    const named = await proxy.tunnel('nowhere.invalid', 443);
    assert.equal(await named.send('GET / HTTP/1.1\r\nHost: nowhere.invalid\r\n\r\n').end(), '');
    untouched(proxy);
  });

  for (const hook of ['requestHeaders', 'request', 'unmatched', 'forward'] as const) {
    it(`an addon that throws in ${hook} gives 502 and no upstream connection`, async () => {
      for (const addons of [[], [new KillUnmatched()]] as AddonInput[][]) {
        const proxy = await startProxy([
          ...addons,
          ({ hooks }: MitmProxy) => {
            hooks[hook].tap('Broken', async () => {
              await Promise.resolve();
              throw new Error('oh no');
            });
            if (hook === 'forward') hooks.unmatched.tap('Broken', () => forward());
          },
        ]);
        const answer = await say(proxy, `GET ${origin.url}/a`);
        assert.match(answer, /^HTTP\/1\.1 502 Bad Gateway\r\ncontent-type: text\/plain/);
        assert.match(answer, /\r\n\r\n[^\n]*\boh no\n$/);
        untouched(proxy);
      }
    });
  }

  it('an async function given to plain tap neither swallows nor skips later taps', async () => {
    const order: string[] = [];
    const proxy = await startProxy([
      ({ hooks }: MitmProxy) => {
        hooks.request.tap('First', async () => {
          await Promise.resolve();
          order.push('first');
        });
        hooks.request.tap('Second', () => void order.push('second'));
        hooks.request.tap('Third', async () => respond(text('third')));
        hooks.request.tap('Fourth', () => void order.push('fourth'));
      },
    ]);
    assert.match(await say(proxy, 'GET http://x.example/'), /\r\n\r\nthird$/);
    assert.deepEqual(order, ['first', 'second']);
  });

  it('taps through a second copy of the package fire, and its verdicts count', async () => {
    const other = createRequire(__filename)(path.join(compiledCopy(), 'dist/src')) as typeof Package;
    assert.notEqual(other.ServerReplay, ServerReplay);
    const proxy = await startProxy([
      ...replayAddons([[recorded('http://x.example/a', 'recorded')]]),
      (mitm: MitmProxy) => {
        const theirs = mitm as never;
        other.ServerReplay.hooks(theirs).identify.tap('Other', (facets) =>
          facets.filter(([name]) => name !== 'query.t'),
        );
        other.ResponseRefresh.hooks(theirs).body.tap('Other', (content) =>
          Buffer.concat([content, Buffer.from(', refreshed')]),
        );
        other.KillUnmatched.hooks(theirs).verdict.tap('Other', (verdict, { request }) =>
          request.path === '/spared' ? other.respond(new other.HttpResponse({ body: 'spared' })) : verdict,
        );
      },
      new other.FlowLog({ write: () => {} }) as never,
    ]);
    assert.match(await say(proxy, 'GET http://x.example/a?t=5'), /\r\n\r\nrecorded, refreshed$/);
    assert.match(await say(proxy, 'GET http://x.example/spared'), /\r\n\r\nspared$/);
  });

  it('a decision on the request body works', async () => {
    const proxy = await startProxy([
      new KillUnmatched(),
      ({ hooks }: MitmProxy) =>
        hooks.request.tap('Mine', async ({ request }) =>
          (await request.body.text()).includes('yes') ? respond(text('said yes')) : kill(),
        ),
    ]);
    const post = (body: string) =>
      say(proxy, 'POST http://x.example/', `Content-Length: ${body.length}\r\n${CLOSE}${body}`);
    assert.match(await post('oh yes'), /\r\n\r\nsaid yes$/);
    assert.equal(await post('no'), '');
    const chunked = 'Transfer-Encoding: chunked\r\n';
    const answer = await say(proxy, 'POST http://x.example/', `${chunked}${CLOSE}3\r\nyes\r\n0\r\n\r\n`);
    assert.match(answer, /\r\n\r\nsaid yes$/);
    untouched(proxy);
  });

  it('changing a replayed response never changes the recording', async () => {
    const flows = [recorded('http://x.example/a', 'as it was')];
    let count = 0;
    const proxy = await startProxy([
      ...replayAddons([flows], { reuse: 'first' }),
      ({ hooks }: MitmProxy) =>
        hooks.response.tap('Mine', (response) => {
          count += 1;
          response.headers.append('x-count', String(count));
          response.status = 200 + count;
          response.body = Body.from(`changed ${count}`);
        }),
    ]);
    for (const at of [1, 2, 3]) {
      const answer = await say(proxy, 'GET http://x.example/a');
      assert.match(answer, new RegExp(`^HTTP/1\\.1 20${at} [^]*\\r\\n\\r\\nchanged ${at}$`));
      assert.equal(answer.match(/x-count/g)?.length, 1);
    }
    assert.equal(await flows[0]!.response!.body.text(), 'as it was');
    assert.deepEqual([...flows[0]!.response!.headers], []);
  });

  it('two equal requests at once get two entries, in order', async () => {
    const flows = Array.from({ length: 40 }, (_, at) => recorded('http://x.example/a', `<${at}>`, at + 1));
    const proxy = await startProxy(replayAddons([flows]));
    const clients = await Promise.all(flows.map(() => proxy.open()));
    const answers = await Promise.all(
      clients.map((client) => client.send(`GET http://x.example/a HTTP/1.1\r\nHost: x\r\n${CLOSE}`).end()),
    );
    const got = answers.map((answer) => /<\d+>$/.exec(answer)?.[0]);
    assert.equal(new Set(got).size, flows.length);
    assert.deepEqual(
      proxy.flows.map(({ recorded: entry }) => entry?.number),
      flows.map(({ number }) => number),
    );
  });

  it('complete fires exactly once for every outcome, client abort included', async () => {
    const begun = new Set<string>();
    const proxy = await startProxy([
      ...replayAddons([[recorded('http://x.example/replayed', 'r')]]),
      ({ hooks }: MitmProxy) => {
        hooks.requestHeaders.tap('Mine', ({ request }) => void begun.add(request.path));
        hooks.request.tap('Mine', async ({ request, signal }) => {
          if (request.path === '/answered') return respond(text('a'));
          if (request.path === '/failed') throw new Error('oh no');
          if (request.path === '/slow') await once(signal, 'abort');
          return undefined;
        });
        hooks.unmatched.tap('Mine', ({ request }) => request.port === origin.port && forward());
      },
    ]);
    for (const name of ['replayed', 'answered', 'failed', 'killed'])
      await say(proxy, `GET http://x.example/${name}`);
    await say(proxy, `GET ${origin.url}/forwarded`);
    const completed = () => proxy.flows.map(({ request, outcome }) => `${request.path} ${outcome}`);
    for (const line of [
      'GET http://x.example/slow',
      `GET ${origin.url}/endless`,
      `POST ${origin.url}/body`,
    ]) {
      const before = proxy.flows.length;
      const client: RawClient = await proxy.open();
      client.send(
        `${line} HTTP/1.1\r\nHost: x\r\n${line.startsWith('POST') ? 'Content-Length: 9\r\n' : ''}\r\n`,
      );
      if (line.includes('endless')) await client.until(/data: 1/);
      else await until(() => begun.has(new URL(line.split(' ')[1]!).pathname));
      client.close();
      await until(() => proxy.flows.length > before);
    }
    await proxy.proxy.stop();
    assert.deepEqual(completed(), [
      ...['/replayed replayed', '/answered answered', '/failed failed', '/killed killed'],
      ...['/forwarded forwarded', '/slow aborted', '/endless aborted', '/body aborted'],
    ]);
  });
});

function text(body: string): HttpResponse {
  return new HttpResponse({ body });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
