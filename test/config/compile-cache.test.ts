import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CompileCache, cacheKey } from '../../src/config/compile-cache';
import { Project } from './project';

describe('CompileCache', () => {
  const uid = process.getuid?.();
  let project: Project;
  let folder: string;
  beforeEach(() => {
    project = new Project();
    folder = join(project.cacheFolder, 'deep', 'compiled');
  });
  afterEach(() => project.remove());

  it('gives back what was stored for the same path and key only', () => {
    const cache = new CompileCache(folder, uid);
    const key = cacheKey('text');
    cache.write('/a.ts', key, 'output\n');
    assert.equal(new CompileCache(folder, uid).read('/a.ts', key), 'output\n');
    assert.equal(cache.read('/a.ts', cacheKey('other text')), undefined);
    assert.equal(cache.read('/b.ts', key), undefined);
  });

  it('keeps one private file for each source path', function () {
    if (process.platform === 'win32') this.skip();
    const cache = new CompileCache(folder, uid);
    cache.write('/a.ts', cacheKey('1'), 'one');
    cache.write('/a.ts', cacheKey('2'), 'two');
    const [name = '', ...others] = readdirSync(folder);
    assert.deepEqual(others, []);
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('does not use a file that everyone can write', function () {
    if (uid === undefined) this.skip();
    const cache = new CompileCache(folder, uid);
    cache.write('/a.ts', cacheKey('1'), 'one');
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o666);
    assert.equal(cache.read('/a.ts', cacheKey('1')), undefined);
  });

  it('is silently no cache where nothing can be written', () => {
    project.write({ file: '' });
    const cache = new CompileCache(join(project.path('file'), 'below'), uid);
    cache.write('/a.ts', cacheKey('1'), 'one');
    assert.equal(cache.read('/a.ts', cacheKey('1')), undefined);
  });
});

describe('cacheKey', () => {
  it('keeps its inputs apart', () => assert.notEqual(cacheKey('ab', 'c'), cacheKey('a', 'bc')));
});
