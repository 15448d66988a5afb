import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { Project } from '../config/project';
import { compiledCopy } from '../support/compiled-copy';

const MODULE = `#!/usr/bin/env node
const { basename } = require('node:path');
exports.names = [basename(__filename), basename(__dirname), this === exports, module.exports === exports];
exports.other = require('./other');
exports.resolved = [require.resolve('./other.js'), require.resolve.paths('x').length > 0, typeof require.main];
exports.isCached = require.cache[__filename] === module;
exports.imported = require('./import.js');
exports.text = 'import(x)'; /** @type {import('y')} */
exports.thrown = (() => { try { null.x } catch (error) { return error.stack.split('\\n')[1].trim() } })();
`;

const IMPORT = `module.exports = import('./other.js').then((other) => other.default);`;

describe('keepCompiledCode', () => {
  let project: Project;
  beforeEach(
    () =>
      (project = new Project({
        'own/one.js': MODULE,
        'own/other.js': 'module.exports = 7',
        'own/import.js': IMPORT,
      })),
  );
  afterEach(() => project.remove());

  function run(
    own: string,
    env: Record<string, string> = {},
    cache = project.cacheFolder,
    one = 'own/one.js',
  ): string {
    const text = `
      const [code, folder, own, one] = process.argv.slice(1);
      const { keepCompiledCode } = require(code);
      if (own) keepCompiledCode({ folder, own, uid: process.getuid?.(), env: process.env });
      const exports = require(one);
      exports.imported.then((imported) => console.log(JSON.stringify({ ...exports, imported })));`;
    const code = join(compiledCopy(), 'dist/src/cli/code-cache.js');
    const args = ['-e', text, code, join(cache, 'code'), own, project.path(one)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    assert.equal(stderr.replace(/^.*ExperimentalWarning.*\n.*\n/m, ''), '');
    return stdout;
  }

  const own = () => project.path('own');
  const kept = () => {
    const folder = join(project.cacheFolder, 'code');
    return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  };

  it('lets modules be what they are without', () => {
    const plain = run('');
    assert.match(plain, /"imported":7/);
    for (const time of ['first', 'second', 'third']) assert.equal(run(own()), plain, time);
    assert.notDeepEqual(kept(), []);
  });

  it('sees that a module has changed', () => {
    run(own());
    project.write({ 'own/other.js': 'module.exports = 8' });
    assert.match(run(own()), /"imported":8/);
    assert.match(run(own()), /"imported":8/);
  });

  it('keeps what is very large in a file of its own', function () {
    if ('enableCompileCache' in nodeModule) this.skip();
    run(own());
    assert.equal(kept().length, 1);
    project.write({ 'own/other.js': `module.exports = 8 //${' '.repeat(1024 * 1024)}` });
    assert.match(run(own()), /"imported":8/);
    assert.equal(kept().length, 2);
    assert.match(run(own()), /"imported":8/);
  });

  it('keeps nothing when it is told not to, or coverage is measured', () => {
    run(own(), { NODE_DISABLE_COMPILE_CACHE: '1' });
    assert.deepEqual(kept(), []);
    run(own(), { NODE_V8_COVERAGE: project.path('coverage') });
    assert.deepEqual(kept(), []);
  });

  it('uses no folder that everyone can write', function () {
    if (process.getuid?.() === undefined) this.skip();
    mkdirSync(join(project.cacheFolder, 'code'));
    chmodSync(join(project.cacheFolder, 'code'), 0o777);
    run(own());
    assert.deepEqual(kept(), []);
  });

  it('uses no folder that another can replace, and makes one for its user only', function () {
    if (process.getuid?.() === undefined) this.skip();
    run(own());
    assert.equal(statSync(join(project.cacheFolder, 'code')).mode & 0o777, 0o700);
    rmSync(join(project.cacheFolder, 'code'), { recursive: true });
    chmodSync(project.cacheFolder, 0o777);
    run(own());
    assert.deepEqual(kept(), []);
  });

  it('takes damaged files for none', () => {
    const plain = run(own());
    const folder = join(project.cacheFolder, 'code');
    for (const damage of [(bytes: Buffer) => bytes.fill(7, 40), (bytes: Buffer) => bytes.subarray(0, 99)]) {
      for (const file of kept().map((name) => join(folder, name)))
        if (statSync(file).isFile()) writeFileSync(file, damage(readFileSync(file)));
      assert.equal(run(own()), plain);
    }
  });

  it('leaves to Node what is not ours, ES modules among them', function () {
    if ('enableCompileCache' in nodeModule) this.skip();
    project.write({
      'own/one.js': `exports.imported = Promise.resolve(require('../node_modules/ours').text);`,
      'node_modules/ours/index.js': `exports.text = 'ours';`,
      'node_modules/theirs/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/theirs/index.js': 'export const imported = Promise.resolve(9);',
    });
    assert.match(run(own()), /"ours"/);
    assert.match(run(own(), {}, project.cacheFolder, 'node_modules/theirs/index.js'), /"imported":9/);
    const text = kept().map((name) => readFileSync(join(project.cacheFolder, 'code', name), 'latin1'));
    assert.match(text.join(''), /node_modules.ours/);
    assert.doesNotMatch(text.join(''), /theirs/);
  });

  it('does without where nothing can be kept', () => {
    project.write({ file: '' });
    const plain = run('');
    assert.equal(run(own(), {}, project.path('file/below')), plain);
  });
});
