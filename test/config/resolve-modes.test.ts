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
  before(() => {
    here = process.cwd();
    project = new Project({ 'full.har': har(ENTRY), 'none.har': har(), 'other.har': har(ENTRY) });
    process.chdir(project.folder);
  });
  after(() => {
    process.chdir(here);
    project.remove();
  });
  const resolved = async (settings: Omit<Settings, 'addons'>) => {
    const { addons: _addons, ...rest } = await resolveModes({ addons: [], ...settings });
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
    for (const to of ['new.har', 'none.har'])
      for (const unmatched of [undefined, 'kill', 404] as const)
        assert.deepEqual(await resolved({ record: { to, mode: 'once' }, ...(unmatched && { unmatched }) }), {
          unmatched: 'forward',
          record: { to, mode: 'once' },
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
    assert.deepEqual(missing, { offline, unmatched: 'kill', replay: { from: ['full.har'] } });
    assert.equal(
      (await resolved({ offline, record: { to: 'full.har', mode: 'once' } })).record?.to,
      undefined,
    );
    for (const record of [{ to: 'new.har' }, { to: 'new.har', mode: 'once' as const }])
      await assert.rejects(resolved({ offline, record }), { code: 'ERR_CONFIG', message: /new\.har/ });
  });

  it('needs a file to have a mode', async () => {
    await assert.rejects(resolved({ record: { mode: 'once' } }), { code: 'ERR_CONFIG' });
  });
});
