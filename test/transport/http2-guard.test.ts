import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { HttpResponse } from '../../src/http/response';
import { Http2Guard } from '../../src/transport/http2-guard';
import { DEFAULT_LIMITS, type Limits } from '../../src/transport/options';
import { data, fields, FRAME, frame, headers, reset } from '../support/frame-origin';
import { ask, closeHttp2Clients, openHttp2 } from '../support/http2-client';
import { PREFACE, RawHttp2, settings } from '../support/raw-http2';
import { abortOf, closeTransports, startTransport, type TestExchange } from '../support/transport';

const reverse = { scheme: 'http', host: 'origin.example', port: 80 } as const;
const head = (path: string, method = 'GET'): [string, string][] => [
  [':method', method],
  [':scheme', 'http'],
  [':authority', 'a.example'],
  [':path', path],
];
const repeated = (count: number, one: Buffer) => Buffer.alloc(one.length * count, one);

describe('what guards a connection of HTTP/2', () => {
  afterEach(async () => {
    closeHttp2Clients();
    await closeTransports();
  });

  async function start(limits: Partial<Limits> = {}, exchange?: TestExchange) {
    const test = await startTransport({
      options: { reverse },
      limits,
      ...(exchange && { exchange }),
    });
    const open = async () => {
      const http2 = new RawHttp2(await test.open()).greet();
      await http2.until(() => http2.settings > 0);
      return http2.acknowledge();
    };
    return { ...test, openRaw: open };
  }

  it('does not wait for its next look when too many streams are reset', () => {
    const ends: unknown[] = [];
    const session = Object.assign(new EventEmitter(), {
      destroyed: false,
      destroy: () => ends.push('ended'),
    });
    const socket = { bytesRead: 0, bytesWritten: 0 };
    const limits = { ...DEFAULT_LIMITS, resets: 10 };
    const guard = new Http2Guard(session as never, socket as never, socket as never, limits, 0);
    for (let i = 0; i < 10; i += 1) guard.opened({ destroyed: true, rstCode: 8 } as never, () => 0);
    assert.deepEqual(ends, []);
    guard.opened({ destroyed: true, rstCode: 8 } as never, () => 0);
    assert.deepEqual(ends, ['ended']);
  });

  for (const [what, bytes, first] of [
    ['PING', repeated(150_000, frame(FRAME.ping, 0, 0, 'morning!')), ''],
    ['SETTINGS', repeated(150_000, frame(FRAME.settings, 0, 0, settings([3, 100]))), ''],
    ['empty DATA', repeated(250_000, data(1, '')), headers(1, head('/', 'POST'))],
    ['unknown frames', repeated(250_000, frame(0xff, 0, 0)), ''],
    ['PRIORITY', repeated(150_000, frame(2, 0, 1, Buffer.from([0, 0, 0, 0, 16]))), ''],
    ['malformed requests', Buffer.concat(manyStreams(25_000, (id) => headers(id, [[':method', 'GET']], true))), ''], // prettier-ignore
    ['requests and resets', Buffer.concat(manyStreams(20_000, (id) => Buffer.concat([headers(id, head('/')), reset(id, 8)]))), ''], // prettier-ignore
    ['CONTINUATION', repeated(10_000, frame(FRAME.continuation, 0, 1, fields([['x', 'y']]))), frame(FRAME.headers, 1, 1, fields(head('/')))], // prettier-ignore
  ] as const) {
    it(`ends it within 2 s for a flood of ${what}, and others do not notice`, async () => {
      const { transport, openRaw, seen } = await start({}, async (_, client) => {
        await client.readBody().catch(() => {});
        return new HttpResponse({ body: 'still here' });
      });
      const witness = await openHttp2(transport.address);
      const http2 = await openRaw();
      const begun = performance.now();
      http2.send(first, bytes);
      const served = ask(witness, { ':path': '/witness' });
      assert.equal(await http2.until(() => false, 6_000), false);
      const took = performance.now() - begun;
      assert.ok(http2.ended, 'the connection stands');
      // On a quiet machine 0.1 to 0.6 s.
      assert.ok(took < 4_000, `${took} ms`);
      assert.equal(String((await served).body), 'still here');
      const later = await ask(witness, { ':path': '/witness' });
      assert.equal(later.status, 200);
      assert.ok(seen.length < 6_000, `${seen.length} requests were begun`);
    });
  }

  it('ends it when a client opens no window for the response that it waits for', async () => {
    const { open, seen } = await start({ responseStall: 100 }, () =>
      Promise.resolve(new HttpResponse({ body: Buffer.alloc(100_000) })),
    );
    const http2 = new RawHttp2(await open()).send(
      PREFACE,
      frame(FRAME.settings, 0, 0, settings([1, 0], [4, 0])),
      headers(1, head('/'), true),
    );
    assert.equal(await http2.until(() => false, 5_000), false);
    assert.deepEqual([http2.ended, http2.goaway], [true, 'ENHANCE_YOUR_CALM']);
    assert.equal(seen[0]?.aborted, true);
  });

  it('lets a slow reader be slow', async () => {
    const { transport } = await start({ responseStall: 300 }, () =>
      Promise.resolve(new HttpResponse({ body: Buffer.alloc(400_000) })),
    );
    const session = await openHttp2(transport.address);
    const stream = session.request({ ':path': '/' });
    let size = 0;
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      if (size < 300_000) await new Promise((resolve) => setTimeout(resolve, 40));
    }
    assert.equal(size, 400_000);
  });

  it('ends it when the settings do not come, and when it is idle', async () => {
    const { open, openRaw } = await start({ headerTime: 50, idle: 150 });
    const silent = new RawHttp2(await open()).send(PREFACE);
    const idle = await openRaw();
    assert.equal(await silent.until(() => false, 5_000), false);
    assert.deepEqual([silent.ended, silent.goaway], [true, 'SETTINGS_TIMEOUT']);
    assert.equal(await idle.until(() => false, 5_000), false);
    assert.deepEqual([idle.ended, idle.goaway], [true, 'NO_ERROR']);
  });

  it('does not take one for idle whose stream is open', async () => {
    const { openRaw, seen } = await start({ idle: 50 }, (_, client) => abortOf(client.signal));
    const http2 = (await openRaw()).send(headers(1, head('/'), true));
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    assert.equal(await http2.until(() => false, 300), false);
    assert.equal(http2.ended, false);
  });

  it('ends it after an error even when the client stays', async () => {
    const { openRaw } = await start();
    const http2 = (await openRaw()).send(data(1, 'on no stream'));
    await http2.until(() => http2.goaway !== undefined);
    assert.equal(http2.goaway, 'PROTOCOL_ERROR');
    assert.equal(await http2.until(() => false, 8_000), false);
    assert.equal(http2.ended, true);
  });

  it('serves no more streams at a time than it says, and no header block that is too long', async () => {
    const { transport, openRaw } = await start({ streams: 2, headerBlock: 2_000 }, (_, client) =>
      abortOf(client.signal),
    );
    const polite = await openHttp2(transport.address);
    await new Promise((resolve) => polite.once('remoteSettings', resolve));
    assert.equal(polite.remoteSettings.maxConcurrentStreams, 2);
    const http2 = await openRaw();
    for (const id of [1, 3, 5, 7]) http2.send(headers(id, head('/'), true));
    assert.equal(await http2.until(() => false, 5_000), false);
    assert.equal(http2.ended || http2.stream(5).reset !== undefined, true);
    const long = await openRaw();
    long.send(headers(1, [...head('/'), ['x', 'y'.repeat(3_000)]], true));
    await long.until(() => long.stream(1).reset !== undefined || long.ended);
    assert.match(long.stream(1).reset ?? 'the end', /ENHANCE_YOUR_CALM|the end/);
  });

  it('serves no header block that is too long before the client has taken our settings', async () => {
    const { open, seen } = await start({ headerBlock: 2_000 });
    const http2 = new RawHttp2(await open()).greet();
    for (const [id, size] of [
      [1, 1_800],
      [3, 2_000],
    ] as const)
      // prettier-ignore
      http2.send(headers(id, [...head('/'), ['x', 'y'.repeat(size)]], true));
    await http2.until(() => http2.stream(1).ended && http2.stream(3).ended);
    assert.deepEqual([http2.stream(1).statuses, http2.stream(3).statuses], [[200], [431]]);
    assert.equal(seen.length, 1);
  });

  it('does not mind many small messages, pings and window updates of a busy client', async () => {
    const { transport } = await start({ overhead: 64 * 1024 }, async (request) => {
      let size = 0;
      for await (const chunk of request.body.chunks()) size += chunk.length;
      return new HttpResponse({ body: String(size) });
    });
    const session = await openHttp2(transport.address);
    const answer = ask(session, { ':method': 'POST', ':path': '/' }, 'later');
    for (let i = 0; i < 20_000; i += 1) answer.stream.write('message');
    answer.stream.end();
    assert.equal(String((await answer).body), '140000');
  });
});

function manyStreams(count: number, bytes: (id: number) => Buffer): Buffer[] {
  return Array.from({ length: count }, (_, at) => bytes(2 * at + 1));
}
