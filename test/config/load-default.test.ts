import assert from 'node:assert/strict';
import { loadDefault } from '../../src/config/load-default';
import { ModuleLoader } from '../../src/config/module-loader';
import { Project } from './project';

describe('loadDefault', () => {
  let project: Project;
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const load = (file: string) => {
    const { folder: cwd, cacheFolder } = project;
    return loadDefault(new ModuleLoader({ running: {}, cacheFolder, cwd }), file, cwd, 'an answer');
  };

  it('gives what a file exports by default', async () => {
    project.write({ 'a.ts': 'export default 42 as number', 'b.cjs': 'module.exports = 43', 'c.json': '44' });
    assert.deepEqual([await load('a.ts'), await load('b.cjs'), await load('c.json')], [42, 43, 44]);
  });

  it('says what is missing', async () => {
    project.write({ 'a.ts': 'export const answer = 42;' });
    await assert.rejects(load('a.ts'), {
      name: 'ConfigError',
      message: 'a.ts has no default export; write export default an answer',
    });
  });

  it('says in one line what a file threw, and leaves our own errors alone', async () => {
    project.write({ 'a.ts': 'throw new RangeError("one\\ntwo")', 'b.ts': 'throw "text"', 'c.ts': 'let = ;' });
    await assert.rejects(load('a.ts'), { message: 'a.ts: threw while it was loaded: RangeError: one' });
    await assert.rejects(load('b.ts'), { message: 'b.ts: threw while it was loaded: text' });
    await assert.rejects(load('c.ts'), { name: 'ConfigError', message: /^c\.ts:1:\d+: / });
  });
});
