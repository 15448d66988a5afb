import assert from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { resolve } from 'node:path';
import { ServerReplay } from 'replay-proxy';
import { builtIns, proxyFrom, serverReplayOf } from '../../src/config/built-ins';
import type { Settings } from '../../src/config/load-config';
import { sharedAuthorityFolder } from '../support/temp';
import { Project } from './project';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');

describe('the built-ins that a config asks for', () => {
  const frontEnd = { log: {}, warn: () => {} };
  const names = (config: Settings, log: object | undefined = {}) =>
    builtIns(config, { ...frontEnd, log }).map(({ name }) => name);

  it('are there in the order of the pipeline, with or without something to do', () => {
    assert.deepEqual(names({ addons: [] }), [
      'FlowLog',
      'ServerReplay',
      'ResponseRefresh',
      'KillUnmatched',
      'PassThrough',
      'Ledger',
    ]);
    assert.deepEqual(builtIns({}, { warn: () => {}, log: undefined }).length, 5);
    assert.equal(names({ record: { to: 'a.har' }, addons: [] }).at(-2), 'Recorder');
  });

  it('get their settings', () => {
    const config: Settings = {
      replay: { from: ['a.har'], reuse: 'cycle', ignore: ['host'], headers: ['accept'] },
      refresh: false,
      unmatched: 404,
      ignoreHosts: ['bank.example'],
      addons: [],
    };
    const values = Object.fromEntries(
      builtIns(config, frontEnd).map(({ name, options }) => [name, options?.values]),
    );
    assert.deepEqual(values['ServerReplay'], { ...config.replay, rules: [], speed: 0, sessions: true });
    assert.deepEqual(values['ResponseRefresh'], { enabled: false });
    assert.deepEqual(values['KillUnmatched'], { unmatched: 404 });
    assert.deepEqual(values['PassThrough'], { hosts: ['bank.example'] });
  });

  it('are forwarding and refreshing unless told', () => {
    const values = Object.fromEntries(
      builtIns({}, frontEnd).map(({ name, options }) => [name, options?.values]),
    );
    assert.deepEqual(values['KillUnmatched'], { unmatched: 'forward' });
    assert.deepEqual(values['PassThrough'], { hosts: [] });
    assert.deepEqual(values['ResponseRefresh'], { enabled: true });
  });

  it("give their seat to the config's addons", () => {
    const mine = { name: 'ServerReplay', apply: () => {} };
    const proxy = proxyFrom({ addons: [mine] }, frontEnd);
    assert.equal(proxy.addons[1], mine);
    assert.equal(serverReplayOf(proxy), undefined);
  });

  it('serve a replayed conversation', async () => {
    const config: Settings = {
      listen: { port: 0 },
      authority: sharedAuthorityFolder(),
      replay: { from: [SHOP] },
      unmatched: 'kill',
      addons: [],
    };
    const proxy = proxyFrom(config, { ...frontEnd, log: undefined });
    await proxy.start();
    try {
      assert.equal(serverReplayOf(proxy)?.entries.length, 9);
      assert.ok(proxy.addons.some((addon) => addon instanceof ServerReplay));
    } finally {
      await proxy.stop();
    }
  });
});

describe('proxyFrom', () => {
  let project: Project;
  beforeEach(() => void (project = new Project({ 'a.har': '', 'not.pem': 'hello' })));
  afterEach(() => project.remove());
  const proxy = (config: Omit<Settings, 'addons'>) =>
    proxyFrom({ ...config, addons: [] }, { log: undefined, warn: () => {} });

  it('refuses to record over what it replays, by whatever name', () => {
    linkSync(project.path('a.har'), project.path('linked.har'));
    for (const to of ['a.har', '+a.har', 'linked.har']) {
      const path = to.replace(/[^+].*/, (name) => project.path(name));
      assert.throws(() => proxy({ replay: { from: [project.path('a.har')] }, record: { to: path } }), {
        name: 'ConfigError',
        message:
          /har cannot be recorded to while it is replayed from; record to another file, or what it misses with --record-missing$/,
      });
    }
    proxy({ replay: { from: [project.path('a.har')] }, record: { to: project.path('b.har') } });
  });

  it('refuses to write a report over a recording', () => {
    const report = project.path('a.har');
    for (const settings of [{ replay: { from: [report] } }, { record: { to: `+${report}` } }])
      assert.throws(() => proxy({ ...settings, report }), /a\.har is a recording in this run/);
    const missing = project.path('new.mitm');
    assert.throws(() => proxy({ record: { to: missing }, report: missing }), { name: 'ConfigError' });
  });

  it('refuses certificates that cannot be read or are none', () => {
    assert.throws(
      () => proxy({ upstream: { ca: project.path('no.pem') } }),
      /no\.pem cannot be read \(ENOENT/,
    );
    assert.throws(
      () => proxy({ upstream: { ca: project.path('not.pem') } }),
      /not\.pem: no PEM certificate in it/,
    );
  });
});
