import assert from 'node:assert/strict';
import { AddonLoader } from '../../src/config/load-addons';
import { ModuleLoader } from '../../src/config/module-loader';
import { Project } from './project';

describe('AddonLoader', () => {
  let project: Project;
  let loader: AddonLoader;
  beforeEach(() => {
    project = new Project({
      'object.ts': `export default { name: 'Mine', apply() {} };`,
      'function.ts': 'export default () => {};',
      'list.ts': 'export default [() => {}, { name: "B", apply() {} }, () => {}];',
      'sub/function.ts': 'export default () => {};',
      'wrong.ts': 'export default 42;',
    });
    const { folder: cwd, cacheFolder } = project;
    loader = new AddonLoader(new ModuleLoader({ running: {}, cacheFolder, cwd }), cwd);
  });
  afterEach(() => project.remove());
  const names = async (...args: Parameters<AddonLoader['load']>) =>
    (await loader.load(...args)).map(({ name }) => name);

  it('loads files in their place, and names functions after their file', async () => {
    assert.deepEqual(await names(['list.ts', { name: 'A', apply: () => {} }, 'object.ts', 'function.ts']), [
      'list.ts',
      'B',
      'list.ts#2',
      'A',
      'Mine',
      'function.ts',
    ]);
  });

  it("names a config's functions after the config and finds files beside it", async () => {
    const home = { folder: project.path('sub'), name: 'replay.config.ts' };
    assert.deepEqual(await names([() => {}, './function.ts', () => {}], home), [
      'replay.config.ts',
      'function.ts',
      'replay.config.ts#2',
    ]);
  });

  it('keeps functions of two files of one name apart, and those of one file together', async () => {
    assert.deepEqual(await names(['function.ts', 'sub/function.ts']), ['function.ts', 'sub/function.ts']);
    assert.deepEqual(await names(['./sub/../function.ts', 'sub/function.ts']), [
      'function.ts',
      'sub/function.ts',
    ]);
  });

  it('refuses what is no addon, by the name of its file', async () => {
    await assert.rejects(loader.load(['wrong.ts']), {
      name: 'ConfigError',
      message: /^wrong\.ts is no addon: /,
    });
  });
});
