import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  forward,
  kill,
  KillUnmatched,
  Ledger,
  ServerReplay,
  type Report,
  type RecordedFlow,
} from 'replay-proxy';
import { Flow } from '../../../src/core/flow';
import { exchange } from '../../../src/core/exchange';
import { fakeProxy } from '../../support/addons';
import { FakeClient } from '../../support/exchange';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

async function accounted(flows: RecordedFlow[], ledger = new Ledger()) {
  const replay = new ServerReplay({ from: [flows] });
  const addons = [replay, new KillUnmatched(), ledger];
  const fake = fakeProxy(addons);
  Object.assign(fake.proxy, { addons, contacted: new Set(['shop.example:80']) });
  await fake.hooks.start.promise();
  const ask = async (url: string, session = '') => {
    const client = new FakeClient(requestOf(url));
    const { request, info, signal } = client;
    const flow = new Flow({ id: '1', request, client: info, signal, session, startedAt: 900 });
    await exchange(flow, client, fake.core);
  };
  return { ...fake, ledger, ask };
}

describe('Ledger', () => {
  it('tells what was answered, missed and why, and never used', async () => {
    const { ledger, ask } = await accounted([
      entry(`${URL}a`, '', { number: 1 }),
      entry(`${URL}b`, '', { number: 2 }),
    ]);
    await ask(`${URL}a`);
    await ask(`${URL}a?x=1`);
    const report = ledger.report();
    assert.deepEqual(
      [report.counts.answered, report.counts.missed, report.counts.killed, report.counts.unused],
      [1, 1, 1, 1],
    );
    assert.equal(report.missed[0]?.miss?.nearest[0]?.differences[0]?.facet, 'query.x');
    assert.deepEqual(report.unused, [{ source: 'shop.har', number: 2, method: 'GET', url: `${URL}b` }]);
    assert.deepEqual(report.contacted, ['shop.example:80']);
    assert.equal(report.endedAt, null);
  });

  it('names the addon that let a request out', async () => {
    const { ledger, run, hooks, proxy } = await accounted([]);
    hooks.unmatched.tap('Mine', ({ request }) => request.path === '/mine' && forward());
    KillUnmatched.hooks(proxy).verdict.tap('Spare', (_, { request }) =>
      request.path === '/spared' ? forward() : undefined,
    );
    for (const path of ['mine', 'spared', 'killed']) await run(`${URL}${path}`);
    assert.deepEqual(
      ledger.report().forwarded.map(({ url, by }) => `${url} ${by}`),
      [`${URL}mine Mine`, `${URL}spared Spare`],
    );
  });

  it('keeps account of each session', async () => {
    const { ledger, ask } = await accounted([entry(URL, '')]);
    for (const session of ['ann', 'ann', '', '__proto__']) await ask(URL, session);
    assert.deepEqual([ledger.counts('ann').answered, ledger.counts('ann').missed], [1, 1]);
    assert.deepEqual([ledger.counts('').answered, ledger.counts('bob').answered], [1, 0]);
    assert.equal(ledger.counts().answered, 3);
    assert.deepEqual(Object.keys(ledger.report().sessions), ['ann', '', '__proto__']);
  });

  it('has a report for each session', async () => {
    const flows = [entry(`${URL}a`, ''), entry(`${URL}b`, ''), entry(URL, '', { session: 'bob' })];
    const { ledger, ask } = await accounted(flows);
    await ask(`${URL}a`, 'ann');
    await ask(`${URL}x`, 'ann');
    await ask(`${URL}y`);
    const { counts, missed, unused, sessions } = ledger.report('ann');
    assert.deepEqual([counts.answered, counts.missed, counts.unused], [1, 1, 1]);
    assert.deepEqual(
      [missed.map(({ url }) => url), unused.map(({ url }) => url)],
      [[`${URL}x`], [`${URL}b`]],
    );
    assert.deepEqual(Object.keys(sessions), ['ann']);
    assert.deepEqual(
      ledger.report('').missed.map(({ url }) => url),
      [`${URL}y`],
    );
    assert.equal(ledger.report().missed.length, 2);
  });

  it('keeps secrets out of its report', async () => {
    const ledger = new Ledger({ redact: ['query.token'] });
    const { ask } = await accounted([entry(`${URL}?token=s3cret&a=1`, '')], ledger);
    await ask(`${URL}?token=other-s3cret&a=2`);
    assert.doesNotMatch(JSON.stringify(ledger.report()), /s3cret/);
    assert.equal(ledger.report().missed[0]?.url, `${URL}?token=redacted&a=2`);
  });

  it('keeps no more than a thousand flows of a kind, and counts all', async () => {
    const { ledger, run, hooks } = await accounted([]);
    hooks.request.tap('Kill', () => kill());
    for (let i = 0; i < 1100; i += 1) await run(URL);
    const { counts, killed } = ledger.report();
    assert.deepEqual([counts.killed, killed.length], [1100, 1000]);
  });

  it('is on disk while the proxy runs, and says when it ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-ledger-'));
    try {
      const file = join(folder, 'report.json');
      const read = () => JSON.parse(readFileSync(file, 'utf8')) as Report;
      const { ask, hooks } = await accounted([entry(URL, '')], new Ledger({ file, now: () => 5000 }));
      assert.equal(read().counts.answered, 0);
      await ask(URL);
      while (read().counts.answered === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(read().endedAt, null);
      await hooks.stop.promise();
      assert.equal(read().endedAt, '1970-01-01T00:00:05.000Z');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has what was missed on disk before the client knows, if writing is as quick as it should be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-ledger-'));
    try {
      const file = join(folder, 'report.json');
      const read = () => JSON.parse(readFileSync(file, 'utf8')) as Report;
      const { core } = await accounted([entry(URL, '')], new Ledger({ file }));
      /** Whether the n-th miss was in the file when its client was told. */
      const isThere = async (n: number) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        const client = new FakeClient(requestOf(`${URL}?x`));
        let seen = 0;
        client.kill = () => void (seen = read().missed.length);
        const { request, info, signal } = client;
        const flow = new Flow({ id: '1', request, client: info, signal, session: '', startedAt: 900 });
        await exchange(flow, client, core);
        return seen === n;
      };
      // A machine that is busy may be slow once.
      const there = [
        await isThere(1),
        await isThere(2),
        await isThere(3),
        await isThere(4),
        await isThere(5),
      ];
      assert.ok(there.includes(true));
      assert.equal(read().missed[0]?.miss?.reason, 'never recorded');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has who departed from a recorded WebSocket before its flow is over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-ledger-'));
    try {
      const file = join(folder, 'report.json');
      const { hooks } = await accounted([], new Ledger({ file }));
      const { signal } = new AbortController();
      const flow = (id: string) =>
        new Flow({
          id,
          request: requestOf(URL),
          client: { address: '::1', port: 1 },
          signal,
          startedAt: 900,
        });
      const departed = Object.assign(flow('1'), { recorded: entry(URL, '') });
      departed.explainMiss(() => ({
        ...{ method: 'GET', url: URL, session: '', reason: 'departed', sources: [], entries: 1 },
        ...{ unfit: [], nearest: [] },
      }));
      const close = { from: 'server', code: 1011, reason: '', time: 1 } as const;
      for (const one of [departed, flow('2')]) await hooks.webSocketClose.promise(close, one);
      const read = () => JSON.parse(readFileSync(file, 'utf8')) as Report;
      // Not at once where writing is slow.
      for (let i = 0; i < 200 && read().missed.length === 0; i += 1)
        await new Promise((resolve) => setTimeout(resolve, 5));
      const { missed, counts } = read();
      assert.deepEqual(
        missed.map(({ outcome, miss }) => [outcome, miss?.reason]),
        [['replayed', 'departed']],
      );
      assert.equal(counts.replayed, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
