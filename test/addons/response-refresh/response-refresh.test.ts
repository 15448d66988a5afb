import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Body, HttpResponse, ResponseRefresh } from 'replay-proxy';
import { timeShift } from '../../../addons/response-refresh';
import { fakeProxy, recordedFlow, replayer } from '../../support/addons';

const RECORDED = Date.UTC(2020, 0, 1, 12, 0, 0);
const DAY = 86_400_000;

/** What the client sees of a response with these headers, recorded at noon and replayed ten days later. */
async function refreshed(
  headers: [string, string][],
  tap?: (hooks: ReturnType<typeof ResponseRefresh.hooks>) => void,
) {
  const recorded = recordedFlow({ headers }, RECORDED);
  const { run, proxy } = fakeProxy([
    replayer(recorded),
    new ResponseRefresh({ now: () => RECORDED + 10 * DAY + 999 }),
  ]);
  tap?.(ResponseRefresh.hooks(proxy));
  const { client } = await run();
  assert.deepEqual([...recorded.response!.headers], headers, 'the recording is as it was');
  return [...client.response!.headers];
}

describe('ResponseRefresh', () => {
  for (const [name, recorded, expected] of [
    ['Date', 'Wed, 01 Jan 2020 12:00:00 GMT', 'Sat, 11 Jan 2020 12:00:00 GMT'],
    ['expires', 'Thursday, 02-Jan-20 12:00:00 GMT', 'Sun, 12 Jan 2020 12:00:00 GMT'],
    ['Last-Modified', 'Tue Dec 31 12:00:00 2019', 'Fri, 10 Jan 2020 12:00:00 GMT'],
    ['Expires', '0', '0'],
    ['Expires', '-1', '-1'],
    ['Expires', 'Fri, 31 Dec 9999 23:59:59 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['Expires', 'Mon, 27 Dec 9998 23:59:59 GMT', 'Mon, 27 Dec 9998 23:59:59 GMT'],
    ['Expires', '2020-01-01T12:00:00Z', '2020-01-01T12:00:00Z'],
    ['X-Date', 'Wed, 01 Jan 2020 12:00:00 GMT', 'Wed, 01 Jan 2020 12:00:00 GMT'],
    [
      'Set-Cookie',
      'a=1; Path=/;Secure; expires=Thu, 02-Jan-2020 12:00:00 GMT ;HttpOnly',
      'a=1; Path=/;Secure; expires=Sun, 12 Jan 2020 12:00:00 GMT ;HttpOnly',
    ],
    ['set-cookie', 'a=; Expires=Fri, 31 Dec 9999 23:59:59 GMT', 'a=; Expires=Fri, 31 Dec 9999 23:59:59 GMT'],
    ['Set-Cookie', 'a=1; Expires=soon; Max-Age=60', 'a=1; Expires=soon; Max-Age=60'],
    [
      'Set-Cookie',
      'a=1; Expires="Thu, 02 Jan 2020 12:00:00 GMT"',
      'a=1; Expires="Sun, 12 Jan 2020 12:00:00 GMT"',
    ],
  ] as const) {
    it(`${name}: ${recorded}`, async () => {
      assert.deepEqual(await refreshed([[name, recorded]]), [[name, expected]]);
    });
  }

  it('asks taps that come when it has answered already', async () => {
    const recorded = recordedFlow({ headers: { date: 'Wed, 01 Jan 2020 12:00:00 GMT' } }, RECORDED);
    const { run, proxy } = fakeProxy([replayer(recorded), new ResponseRefresh({ now: () => RECORDED })]);
    await run();
    ResponseRefresh.hooks(proxy)
      .header.for('date')
      .tap('Mine', () => 'mine');
    const { client } = await run();
    assert.equal(client.response!.headers.get('date'), 'mine');
  });

  it('moves all dates of a response by the same whole seconds, duplicates each', async () => {
    assert.deepEqual(timeShift(1_500, 4_499), { recordedAt: 1_500, now: 4_499, delta: 2_000 });
    const line = 'Wed, 01 Jan 2020 12:00:00 GMT';
    const seen = await refreshed([
      ['Date', line],
      ['Date', line],
      ['ETag', 'x'],
    ]);
    assert.deepEqual(
      seen.map(([, value]) => value),
      ['Sat, 11 Jan 2020 12:00:00 GMT', 'Sat, 11 Jan 2020 12:00:00 GMT', 'x'],
    );
  });

  it('touches only what was recorded', async () => {
    const date = 'Wed, 01 Jan 2020 12:00:00 GMT';
    const { run } = fakeProxy([new ResponseRefresh()], () => new HttpResponse({ headers: { date } }));
    assert.equal((await run()).client.response?.headers.get('date'), date);
  });

  it('leaves everything as recorded when nobody knows when that was', async () => {
    const date = 'Wed, 01 Jan 2020 12:00:00 GMT';
    const { run } = fakeProxy([replayer(recordedFlow({ headers: { date } }, 0)), new ResponseRefresh()]);
    assert.equal((await run()).client.response?.headers.get('date'), date);
  });

  it('is switched off and on while running', async () => {
    const date = 'Wed, 01 Jan 2020 12:00:00 GMT';
    const addon = new ResponseRefresh({ enabled: false, now: () => RECORDED + DAY });
    const { run } = fakeProxy([replayer(recordedFlow({ headers: { date } }, RECORDED)), addon]);
    assert.equal((await run()).client.response?.headers.get('date'), date);
    addon.configure(addon.options.schema.parse({ enabled: true }));
    assert.equal((await run()).client.response?.headers.get('date'), 'Thu, 02 Jan 2020 12:00:00 GMT');
    assert.throws(() => addon.options.schema.parse({ enabled: 'no' }), /true or false/);
  });

  it('yields on header lines: a string replaces, null drops, nothing keeps the default', async () => {
    const headers: [string, string][] = [
      ['Date', 'Wed, 01 Jan 2020 12:00:00 GMT'],
      ['X-At', '5'],
      ['Age', '7'],
    ];
    const seen = await refreshed(headers, ({ header }) => {
      header.for('x-at').tap('Mine', (value, { delta }) => String(Number(value) + delta / 1000));
      header.for('age').tap('Mine', () => null);
      header.for('date').tap('Mine', () => undefined);
    });
    assert.deepEqual(seen, [
      ['Date', 'Sat, 11 Jan 2020 12:00:00 GMT'],
      ['X-At', '864005'],
    ]);
  });

  it('yields on cookies: the default comes first and can be changed after', async () => {
    const seen = await refreshed(
      [['Set-Cookie', 'sid=1; Expires=Thu, 02 Jan 2020 12:00:00 GMT']],
      ({ cookie }) =>
        cookie.tap('Mine', (given) => given.with('expires', given.get('expires')!.replace('12:00', '23:00'))),
    );
    assert.deepEqual(seen, [['Set-Cookie', 'sid=1; Expires=Sun, 12 Jan 2020 23:00:00 GMT']]);
  });

  it('hands the decoded body to `body`, and drops the coding of one that is changed', async () => {
    const body = gzipSync('{"at":5}');
    const recorded = recordedFlow({ headers: { 'content-encoding': 'gzip' }, body }, RECORDED);
    const { run, proxy } = fakeProxy([replayer(recorded), new ResponseRefresh({ now: () => RECORDED })]);
    let text = '';
    let change = false;
    ResponseRefresh.hooks(proxy).body.tap('Mine', async (content) => {
      text = content.toString();
      return change ? Buffer.from('new') : content;
    });
    const kept = (await run()).client.response!;
    assert.equal(text, '{"at":5}');
    assert.equal(gunzipSync(await kept.body.bytes()).toString(), '{"at":5}');
    change = true;
    const changed = (await run()).client.response!;
    assert.equal(await changed.body.text(), 'new');
    assert.equal(changed.headers.has('content-encoding'), false);
  });

  it('keeps the recording from a tap that writes into what it gets', async () => {
    const recorded = recordedFlow({ body: Buffer.from('Hello') }, RECORDED);
    const { run, proxy } = fakeProxy([replayer(recorded), new ResponseRefresh({ now: () => RECORDED })]);
    ResponseRefresh.hooks(proxy).body.tap('Mine', (content) => {
      content.write('J');
      return content;
    });
    assert.equal(await (await run()).client.response?.body.text(), 'Jello');
    assert.equal(await recorded.response?.body.text(), 'Hello');
  });

  it('names the tap that goes wrong, and the client gets 502', async () => {
    const { run, proxy } = fakeProxy([
      replayer(recordedFlow({ headers: { date: 'x' } }, RECORDED)),
      new ResponseRefresh(),
    ]);
    ResponseRefresh.hooks(proxy)
      .header.for('date')
      .tap('Mine', (async () => 'x') as never);
    const { flow, client } = await run();
    assert.equal(client.response?.status, 502);
    assert.match(flow.error!.message, /addon Mine, hook ResponseRefresh\.header\.date: returned a promise/);
  });

  it('reads no body beyond the limit for the taps of `body`, and says so', async () => {
    for (const [size, status] of [
      [100, 200],
      [101, 502],
    ] as const) {
      const recorded = recordedFlow(
        { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(size, 'a')) },
        1_000,
      );
      const { proxy, run } = fakeProxy([replayer(recorded), new ResponseRefresh({ decodedBody: 100 })]);
      ResponseRefresh.hooks(proxy).body.tap('See', () => {});
      assert.equal((await run()).client.response?.status, status, String(size));
    }
    const huge = recordedFlow({ body: Body.file({ length: 101, read: () => assert.fail('read') }) }, 1_000);
    const { proxy, run } = fakeProxy([replayer(huge), new ResponseRefresh({ decodedBody: 100 })]);
    ResponseRefresh.hooks(proxy).body.tap('See', () => {});
    assert.match((await run()).flow.error?.message ?? '', /more than 100 bytes.*raise limits\.decodedBody/);
  });
});
