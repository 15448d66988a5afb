import assert from 'node:assert/strict';
import { webSocketEntry } from '../../../support/web-socket-client';
import { Body, type Miss, missLine, missText, type RecordedFlow } from 'replay-proxy';
import type { ServerReplayOptions } from '../../../../addons/server-replay';
import { entry, postJson, replaying, requestOf } from '../../../support/replay';

const SEARCH = 'http://shop.example/search?b=2&a=1&q=x';

async function missOf(
  flows: readonly RecordedFlow[],
  request: Parameters<typeof requestOf>[0] | ReturnType<typeof requestOf>,
  options: ServerReplayOptions = {},
  prepare: (proxy: Awaited<ReturnType<typeof replaying>>) => unknown = () => {},
): Promise<Miss> {
  const proxy = await replaying(flows, options);
  await prepare(proxy);
  const { flow } = await proxy.run(typeof request === 'string' ? requestOf(request) : request);
  assert.ok(flow.miss, 'it is a miss');
  assert.equal(flow.miss, flow.miss, 'found out once');
  return flow.miss;
}

describe('a miss explains itself', () => {
  it('by the facet that differs, with both values and the rule that would have helped', async () => {
    const flows = [entry('http://shop.example/', ''), entry(SEARCH, 'found', { number: 2 })];
    const miss = await missOf(flows, SEARCH.replace('a=1', 'a=7'));
    assert.equal(miss.reason, 'never recorded');
    assert.deepEqual(miss.nearest[0], {
      entry: { source: 'shop.har', number: 2, method: 'GET', url: SEARCH },
      isUsed: false,
      differences: [{ facet: 'query.a', asked: '7', recorded: '1' }],
      more: 0,
    });
    assert.deepEqual(miss.remedy, {
      ignore: ['query.a'],
      flags: '--ignore query.a',
      config: "replay: { ignore: ['query.a'] }",
    });
    assert.equal(missLine(miss), 'never recorded; nearest is #2 of shop.har: query.a is 7, recorded 1');
    const { ask } = await replaying(flows, { ignore: miss.remedy!.ignore });
    assert.equal(await ask(SEARCH.replace('a=1', 'a=7')), 'found');
  });

  it('as used up, not as never recorded, when all that match have answered', async () => {
    const three = [1, 2, 3].map((number) => entry(SEARCH, 'x', { number }));
    const miss = await missOf(three, SEARCH, {}, async ({ ask }) => {
      for (let i = 0; i < 3; i += 1) assert.equal(await ask(SEARCH), 'x');
    });
    assert.equal(miss.reason, 'used up');
    assert.equal(miss.used?.count, 3);
    assert.ok(Date.now() - miss.used.lastUsedAt! < 60_000);
    assert.equal(miss.remedy?.flags, '--reuse hold');
    assert.match(missText(miss, Date.now()), /^used up: all 3 entries that match have answered already$/m);
    assert.deepEqual(miss.nearest, []);
  });

  it('by entries that match and cannot answer, and what to do about each', async () => {
    const flows = [
      entry(SEARCH, '', { number: 1, unstored: { response: true } }),
      entry(SEARCH, '', { number: 2, incomplete: true }),
      webSocketEntry([], { number: 3 }, SEARCH),
      entry(SEARCH, '', { number: 4, answer: { status: 304 } }),
      entry(SEARCH, '', { number: 5, session: 'checkout' }),
    ];
    const { unfit, reason, remedy } = await missOf(flows, SEARCH);
    assert.equal(reason, 'no candidate');
    assert.equal(remedy, undefined);
    assert.deepEqual(unfit.map(({ entry: { number }, why }) => `${number} ${why}`).sort(), [
      '1 its body was not stored',
      '2 its response was cut short',
      '3 a recorded WebSocket answers WebSocket handshakes only',
      '4 a recorded 304 answers conditional requests only',
      '5 it was recorded in session checkout',
    ]);
    assert.ok(unfit.every(({ advice }) => advice !== ''));
  });

  it('by the leaf of a JSON body', async () => {
    const url = 'http://shop.example/order';
    const flows = [entry(postJson(url, '{"user":{"id":5},"nonce":"a","items":[1,2]}'), 'ok')];
    const miss = await missOf(flows, postJson(url, '{"items":[1,2],"nonce":"b","user":{"id":"5"}}'));
    assert.deepEqual(miss.nearest[0]?.differences, [
      { facet: 'body.nonce', asked: '"b"', recorded: '"a"' },
      { facet: 'body.user.id', asked: '"5"', recorded: '5' },
    ]);
    assert.deepEqual(miss.remedy?.ignore, ['body.nonce', 'body.user.id']);
  });

  it('by the text of a body that has no parts, and by what there is only on one side', async () => {
    const post = (text: string, url = 'http://shop.example/') => requestOf(`POST ${url}`, {}, text);
    const { nearest, remedy } = await missOf(
      [entry(post('hello'), '')],
      post('goodbye', 'http://shop.example/?debug'),
    );
    assert.deepEqual(nearest[0]?.differences, [
      { facet: 'query.debug', asked: '' },
      { facet: 'body', asked: 'goodbye', recorded: 'hello' },
    ]);
    assert.deepEqual(remedy?.ignore, ['query.debug', 'body']);
  });

  it('by two kinds of bodies whose facets are the same', async () => {
    const form = requestOf(
      'POST http://shop.example/',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1',
    );
    const { nearest, remedy } = await missOf([entry(form, '')], postJson('http://shop.example/', '{"a":1}'));
    assert.deepEqual(nearest[0]?.differences, [{ facet: 'body', asked: '(JSON)', recorded: '(a form)' }]);
    assert.deepEqual(remedy?.ignore, ['body']);
  });

  it('suggests no rule that would make all requests the same, and with an entry that is used to use it again', async () => {
    const other = await missOf([entry('http://shop.example/users/17', '')], 'http://shop.example/users/18');
    assert.deepEqual(other.nearest[0]?.differences[0]?.facet, 'path');
    assert.equal(other.remedy, undefined);
    const used = await missOf([entry(SEARCH, '')], `${SEARCH}&t=1`, {}, ({ ask }) => ask(SEARCH));
    assert.equal(used.nearest[0]?.isUsed, true);
    assert.equal(used.remedy?.flags, '--ignore query.t --reuse hold');
  });

  it('shows up to three entries, the nearest first, those that differ alike once', async () => {
    const urls = ['?a=1&b=1', '?a=1&b=2', '?a=1&b=2', '?a=2&b=3', '?a=2&b=4&c=1'];
    const flows = urls.map((query, i) => entry(`http://h/x${query}`, '', { number: i + 1 }));
    const { nearest } = await missOf(flows, 'http://h/x?a=1&b=9');
    assert.deepEqual(
      nearest.map(({ entry: { number } }) => number),
      [1, 2, 4],
    );
  });

  it('says nothing of entries that have nothing in common with the request', async () => {
    const { nearest } = await missOf([entry('http://a.example/style.css', '')], 'http://b.example/api/users');
    assert.deepEqual(nearest, []);
  });

  it('by the nearest entry also when that could not answer, and says why', async () => {
    const flows = [
      entry(`${SEARCH}&n=1`, '', { number: 1, unstored: { response: true } }),
      entry(`${SEARCH}&n=1`, '', { number: 2, session: 'ann' }),
    ];
    const { nearest, remedy, reason } = await missOf(flows, `${SEARCH}&n=2`);
    assert.deepEqual(
      nearest.map(({ entry: { number }, unfit }) => `${number} ${unfit}`),
      ['2 it was recorded in session ann', '1 its body was not stored'],
    );
    assert.deepEqual([reason, remedy], ['never recorded', undefined]);
  });

  it('names the addon whose identify tap changed a facet', async () => {
    const flows = [entry('http://h/?a=1&b=2', '')];
    const { nearest } = await missOf(flows, 'http://h/?a=9&b=3', {}, ({ hooksOfReplay }) => {
      hooksOfReplay.identify.tap('LowerAll', (facets) =>
        facets.map(([name, value]) => [name, name === 'query.a' ? `${value}!` : value] as const),
      );
    });
    assert.deepEqual(nearest[0]?.differences, [
      { facet: 'query.a', asked: '9!', recorded: '1!', changedBy: ['LowerAll'] },
      { facet: 'query.b', asked: '3', recorded: '2' },
    ]);
  });

  it('names the addon whose match tap wanted no candidate', async () => {
    const miss = await missOf([entry(SEARCH, '')], SEARCH, {}, ({ hooksOfReplay }) =>
      hooksOfReplay.match.tap('Picky', () => null),
    );
    assert.deepEqual([miss.reason, miss.declinedBy], ['declined', 'Picky']);
    assert.match(missLine(miss), /addon Picky declined/);
  });

  it('leaves out what was redacted, and obeys the rules', async () => {
    const flows = [entry(`${SEARCH}&token=secret`, '', { redacted: ['query.token', 'response.header.x'] })];
    const { nearest } = await missOf(flows, `${SEARCH.replace('q=x', 'q=y')}&token=mine&t=1`, {
      rules: [{ match: { path: '/search' }, ignore: ['query.t'] }],
    });
    assert.deepEqual(
      nearest[0]?.differences.map(({ facet }) => facet),
      ['query.q'],
    );
  });

  it('is no miss when nothing is replayed', async () => {
    const { run } = await replaying([], { from: [] });
    assert.equal((await run(SEARCH)).flow.miss, undefined);
  });

  it('takes no account of a later change of the request', async () => {
    const { run, hooks } = await replaying([entry(SEARCH, '')]);
    hooks.unmatched.tap('Later', ({ request }) => void (request.path = '/changed'));
    const { flow } = await run(`${SEARCH}&t=1`);
    assert.equal(flow.miss?.url, `${SEARCH}&t=1`);
  });

  it('keeps what is ignored already in the line to paste, since a list is set as a whole', async () => {
    const miss = await missOf([entry('http://h/?a=1&b=1', '')], 'http://h/?a=2&b=2', { ignore: ['query.a'] });
    assert.deepEqual(miss.remedy, {
      ignore: ['query.b'],
      flags: '--ignore query.a --ignore query.b',
      config: "replay: { ignore: ['query.a', 'query.b'] }",
    });
  });

  it('suggests nothing that a rule of its own would undo', async () => {
    const rules = [{ match: { path: '/' }, reuse: 'never' as const }];
    const miss = await missOf([entry('http://h/', '')], 'http://h/', { rules, reuse: 'hold' }, ({ ask }) =>
      ask('http://h/'),
    );
    assert.deepEqual([miss.reason, miss.remedy], ['used up', undefined]);
  });

  it('is used up when what is left cannot answer', async () => {
    const flows = [entry(SEARCH, ''), entry(SEARCH, '', { number: 9, answer: { status: 304 } })];
    const miss = await missOf(flows, SEARCH, {}, ({ ask }) => ask(SEARCH));
    assert.deepEqual(
      [miss.reason, miss.remedy?.flags, miss.unfit[0]?.entry.number],
      ['used up', '--reuse hold', 9],
    );
  });

  it('knows only what there was when it was asked', async () => {
    const proxy = await replaying([entry(SEARCH, '')], { reuse: 'hold' });
    proxy.hooks.received.tap('RecordNow', async (response, { request }) => {
      await proxy.addon.add({ source: 'shop.har', number: 2, request, response: response.clone() }, '');
    });
    const { flow } = await proxy.run(requestOf(`${SEARCH}&t=1`));
    assert.deepEqual([flow.miss?.reason, flow.miss?.nearest.length], ['never recorded', 1]);
    assert.equal((await proxy.run(requestOf(`${SEARCH}&t=1`))).flow.outcome, 'replayed');
  });

  it('names three entries of other sessions, however many there are', async () => {
    const flows = Array.from({ length: 50 }, (_, i) => entry(SEARCH, '', { session: `s${i}` }));
    assert.equal((await missOf(flows, SEARCH)).unfit.length, 3);
  });

  it('survives what a recording says was taken out, and bodies that are gone', async () => {
    const odd = await missOf([entry(SEARCH, '', { redacted: [''] })], `${SEARCH}&t=1`);
    assert.equal(odd.nearest[0]?.differences[0]?.facet, 'query.t');
    const gone = Body.file({
      length: 3,
      read: () => {
        throw new Error('gone');
      },
    });
    const { reason, nearest } = await missOf(
      [entry(requestOf('POST http://h/a', {}, gone), ''), entry(requestOf('POST http://h/ab', {}, 'x'), '')],
      requestOf('POST http://h/abc', {}, 'x'),
    );
    assert.deepEqual([reason, nearest.length], ['never recorded', 1]);
  });

  it('has no rule that nobody could paste, and cuts long names', async () => {
    const name = 'n'.repeat(1000);
    const long = await missOf([entry(`http://h/?${name}=1`, '')], `http://h/?${name}=2`);
    assert.equal(long.remedy, undefined);
    assert.ok(long.nearest[0]!.differences[0]!.facet.length <= 200);
    const control = await missOf([entry('http://h/?a%0ab=1', '')], 'http://h/?a%0ab=2');
    assert.equal(control.remedy, undefined);
  });
});
