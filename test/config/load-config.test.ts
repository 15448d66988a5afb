import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { ModuleLoader } from '../../src/config/module-loader';
import { Project } from './project';

describe('loadConfig', () => {
  let project: Project;
  beforeEach(() => void (project = new Project({ 'package.json': '{}' })));
  afterEach(() => project.remove());
  const load = async (flags: Record<string, unknown> = {}, file?: string, folder = '.') => {
    const cwd = join(project.folder, folder);
    return loadConfig({
      flags,
      nameFlag: (key) => `--${key}`,
      file,
      loader: new ModuleLoader({ running: {}, cacheFolder: project.cacheFolder, cwd }),
      cwd,
      home: '/',
      uid: process.getuid?.(),
    });
  };

  it('needs neither a file nor flags', async () => {
    assert.deepEqual(await load(), { config: { addons: [] }, file: undefined });
  });

  it('lets a flag win over the file, key by key, lists as a whole', async () => {
    project.write({
      'replay.config.ts': `export default {
        listen: { host: '::1', port: 1 }, refresh: false, unmatched: 404,
        replay: { from: ['a.har', 'b.har'], reuse: 'last', headers: ['accept'] } };`,
    });
    const flags = {
      listen: { port: 2 },
      unmatched: 'kill',
      replay: { from: ['c.har'], reuse: undefined },
      mode: {},
    };
    const { config, file } = await load(flags);
    assert.equal(file, project.path('replay.config.ts'));
    assert.deepEqual(config, {
      listen: { host: '::1', port: 2 },
      refresh: false,
      unmatched: 'kill',
      replay: { from: ['c.har'], reuse: 'last', headers: ['accept'] },
      mode: {},
      addons: [],
    });
  });

  it("reads the file's paths from its folder, the flags' from the working directory", async () => {
    project.write({
      'replay.config.json': JSON.stringify({
        replay: { from: ['a.har', '/b.har'] },
        record: { to: '+sub/c.har' },
        upstream: { ca: 'ca.pem' },
        authority: './authority',
      }),
      'sub/x': '',
    });
    const { config } = await load({}, undefined, 'sub');
    assert.deepEqual(config, {
      replay: { from: [project.path('a.har'), '/b.har'] },
      record: { to: '+c.har' },
      upstream: { ca: project.path('ca.pem') },
      authority: project.path('authority'),
      addons: [],
    });
    const flagged = await load({ replay: { from: ['a.har'] }, record: { to: '+x.har' } }, undefined, 'sub');
    assert.deepEqual(flagged.config.replay, { from: ['a.har'] });
    assert.deepEqual(flagged.config.record, { to: '+x.har' });
  });

  it("puts the flags' addons behind the file's", async () => {
    project.write({
      'conf/mine.json': '{"addons":["./one.ts"]}',
      'conf/one.ts': `export default { name: 'One', apply() {} };`,
      'two.ts': 'export default () => {};',
    });
    const { config } = await load({ addons: ['two.ts'] }, 'conf/mine.json');
    assert.deepEqual(
      config.addons.map(({ name }) => name),
      ['One', 'two.ts'],
    );
  });

  it('names the flag, or the file and the key, that is wrong', async () => {
    project.write({
      'a.json': '{"listen":{"port":"x"}}',
      'b.ts': 'export const config = {};',
      'c.ts': 'export default 1',
    });
    await assert.rejects(load({ listen: { port: 'x' } }), {
      message: /^--listen\.port is 'x', but must be a whole/,
    });
    await assert.rejects(load({}, 'a.json'), {
      message: /^a\.json: listen\.port is 'x', but must be a whole/,
    });
    await assert.rejects(load({}, 'b.ts'), {
      message: /^b\.ts has no default export; write .* defineConfig\(\{…\}\)$/,
    });
    await assert.rejects(load({}, 'c.ts'), { message: /^c\.ts is 1, but must be an object of settings/ });
    await assert.rejects(load({}, 'no.ts'), { name: 'ConfigError', message: /no\.ts: no such file$/ });
  });
});
