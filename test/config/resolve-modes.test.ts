import assert from 'node:assert/strict';
import type { Settings } from '../../src/config/load-config';
import { resolveModes } from '../../src/config/resolve-modes';
import { Project } from './project';

const ENTRY = {
  startedDateTime: '2026-01-01T00:00:00.000Z',
  request: { method: 'GET', url: 'http://h/', headers: [] },
  response: { status: 200, headers: [], content: { text: 'x' } },
};
const har = (...entries: unknown[]) => JSON.stringify({ log: { entries } });

describe('resolveModes', () => {
  let project: Project;
  let here: string;
  const lines: string[] = [];
  before(() => {
    here = process.cwd();
    project = new Project({
      'full.har': har(ENTRY),
      'none.har': har(),
      'other.har': har(ENTRY),
      'failed.har': har({ ...ENTRY, response: { status: 0, _error: 'refused' } }),
    });
    process.chdir(project.folder);
  });
  after(() => {
    process.chdir(here);
    project.remove();
  });
  const resolved = async (settings: Omit<Settings, 'addons'>, isModeOfFlag = false) => {
    const { addons: _addons, ...rest } = await resolveModes(
      { addons: [], ...settings },
      { warn: (line) => lines.push(line), isModeOfFlag },
    );
    return rest;
  };

  it('leaves plain settings as they are', async () => {
    for (const settings of [
      {},
      { record: { to: 'new.har' } },
      { unmatched: 404 },
      { record: { redact: [] } },
    ])
      assert.deepEqual(await resolved(settings), settings);
  });

  it('missing: replays the file if it is there, and goes on with it', async () => {
    assert.deepEqual(
      await resolved({ replay: { from: ['other.har'] }, record: { to: 'full.har', mode: 'missing' } }),
      {
        replay: { from: ['other.har', 'full.har'] },
        unmatched: 'forward',
        record: { to: '+full.har', mode: 'missing' },
      },
    );
    assert.deepEqual(await resolved({ record: { to: '+new.har', mode: 'missing' } }), {
      replay: { from: [] },
      unmatched: 'forward',
      record: { to: '+new.har', mode: 'missing' },
    });
    for (const unmatched of ['kill', 404] as const)
      await assert.rejects(resolved({ unmatched, record: { to: 'full.har', mode: 'missing' } }), {
        code: 'ERR_CONFIG',
      });
  });

  it('once: records where there is nothing yet, whatever is to happen with the rest', async () => {
    for (const to of ['new.har', 'none.har', 'failed.har'])
      for (const unmatched of [undefined, 'kill', 404] as const)
        assert.deepEqual(await resolved({ record: { to, mode: 'once' }, ...(unmatched && { unmatched }) }), {
          unmatched: 'forward',
          record: { to: to === 'new.har' ? to : `+${to}`, mode: 'once' },
        });
  });

  it('once: replays strictly what is there', async () => {
    const record = { to: 'full.har', mode: 'once' } as const;
    assert.deepEqual(await resolved({ record }), {
      replay: { from: ['full.har'] },
      unmatched: 'kill',
      record: { mode: 'once' },
    });
    assert.equal((await resolved({ record, unmatched: 'forward' })).unmatched, 'kill');
    assert.equal((await resolved({ record, unmatched: 404 })).unmatched, 404);
  });

  it('offline: kills, records nothing, and says so where that was wanted', async () => {
    const offline = true;
    assert.equal((await resolved({ offline })).unmatched, 'kill');
    assert.equal((await resolved({ offline, unmatched: 'forward' })).unmatched, 'kill');
    assert.equal((await resolved({ offline, unmatched: 404 })).unmatched, 404);
    const missing = await resolved({ offline, record: { to: 'full.har', mode: 'missing' } });
    assert.deepEqual(missing, { offline, unmatched: 'kill', replay: { from: ['full.har'] }, record: {} });
    assert.equal(
      (await resolved({ offline, record: { to: 'full.har', mode: 'once' } })).record?.to,
      undefined,
    );
    for (const record of [{ to: 'new.har' }, { to: 'new.har', mode: 'once' as const }])
      await assert.rejects(resolved({ offline, record }), { code: 'ERR_CONFIG', message: /new\.har/ });
  });

  it('keeps secrets out of what is told, whether it records or not', async () => {
    const redact = ['query.token'];
    const once = await resolved({ record: { to: 'full.har', mode: 'once', redact } });
    assert.deepEqual(once.record, { mode: 'once', redact });
    const missing = await resolved({ offline: true, record: { to: 'full.har', mode: 'missing', redact } });
    assert.deepEqual(missing.record, { redact });
  });

  it('missing: takes an empty file for none', async () => {
    project.write({ 'empty.har': '' });
    assert.deepEqual((await resolved({ record: { to: 'empty.har', mode: 'missing' } })).replay, { from: [] });
  });

  it('needs a file to have a mode', async () => {
    await assert.rejects(resolved({ record: { mode: 'once' } }), { code: 'ERR_CONFIG' });
  });

  it('once: keeps the rules that are for something of their own', async () => {
    const ads = { match: { host: 'ads' }, verdict: 204 } as const;
    const all = (verdict: 'kill' | 'forward' | number) => ({ verdict });
    const recording = (unmatched: NonNullable<Settings['unmatched']>) =>
      resolved({ unmatched, record: { to: 'new.har', mode: 'once' } }).then((settings) => settings.unmatched);
    const replaying = (unmatched: NonNullable<Settings['unmatched']>) =>
      resolved({ unmatched, record: { to: 'full.har', mode: 'once' } }).then(
        (settings) => settings.unmatched,
      );
    assert.deepEqual(await recording([ads, all('kill')]), [ads]);
    assert.equal(await recording(() => 'kill'), 'forward');
    assert.deepEqual(await replaying([ads]), [ads, all('kill')]);
    assert.deepEqual(await replaying([ads, all('forward')]), [ads, all('kill')]);
    assert.deepEqual(await replaying([ads, all(404)]), [ads, all(404), all('kill')]);
    const decide = (await replaying(({ request }) => (request.path === '/' ? 204 : undefined))) as (
      flow: unknown,
    ) => Promise<unknown>;
    assert.equal(await decide({ request: { path: '/' } }), 204);
    assert.equal(await decide({ request: { path: '/a' } }), 'kill');
  });

  it('missing: of the command line asks upstream whatever a config says, but for rules of their own', async () => {
    const record = { to: 'full.har', mode: 'missing' } as const;
    const ads = { match: { host: 'ads' }, verdict: 204 as const };
    assert.equal((await resolved({ record, unmatched: 'kill' }, true)).unmatched, 'forward');
    assert.deepEqual((await resolved({ record, unmatched: [ads, { verdict: 'kill' }] }, true)).unmatched, [
      ads,
    ]);
  });

  it('missing: refuses rules that would ask nobody', async () => {
    const record = { to: 'full.har', mode: 'missing' } as const;
    const rules = [{ match: { host: 'ads' }, verdict: 204 as const }];
    assert.deepEqual((await resolved({ record, unmatched: rules })).unmatched, rules);
    await assert.rejects(resolved({ record, unmatched: [...rules, { verdict: 'kill' }] }), {
      code: 'ERR_CONFIG',
    });
  });

  it('leaves out the file itself from what is replayed while it is not there', async () => {
    const replay = { from: ['new.har', './new.har'] };
    assert.deepEqual((await resolved({ replay, record: { to: 'new.har', mode: 'once' } })).replay, {
      from: [],
    });
    assert.deepEqual((await resolved({ replay, record: { to: 'new.har', mode: 'missing' } })).replay, {
      from: [],
    });
  });

  it('once: says so when the recording was not finished', async () => {
    const head =
      '{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"_replay":{"sealed":false},"entries":[';
    project.write({ 'torn.har': `${head}\n${JSON.stringify(ENTRY)}\n]}}\n` });
    lines.length = 0;
    await resolved({ record: { to: 'torn.har', mode: 'once' } });
    assert.match(lines.join(), /^recording torn\.har was not finished .* to record anew, delete it$/);
  });
});
