import assert from 'node:assert/strict';
import { isPath, isTypeScript, resolveTypeScript } from '../../src/config/resolve-typescript';
import { Project } from './project';

describe('resolveTypeScript', () => {
  let project: Project;
  before(() => {
    const names = [
      'x.ts',
      'x.js',
      'm.mts',
      'c.cts',
      'only.js',
      'types.d.ts',
      'dir/index.ts',
      'v.ts',
      'v/index.ts',
      'data.json',
    ];
    project = new Project(Object.fromEntries(names.map((name) => [name, ''])));
  });
  after(() => project.remove());

  const meant = {
    './x': 'x.ts',
    './x.js': 'x.ts',
    './x.ts': 'x.ts',
    './m.mjs': 'm.mts',
    './m': 'm.mts',
    './c.cjs': 'c.cts',
    './dir': 'dir/index.ts',
    './dir/': 'dir/index.ts',
    './dir/index.js': 'dir/index.ts',
    './v': 'v.ts',
    './v/': 'v/index.ts',
    './dir/../x': 'x.ts',
  };
  for (const [specifier, name] of Object.entries(meant)) {
    it(`${specifier} is ${name}`, () => {
      assert.equal(resolveTypeScript(specifier, project.path('main.ts')), project.path(name));
    });
  }

  for (const specifier of ['./only', './only.js', './types', './types.d.ts', './data.json', './gone']) {
    it(`leaves ${specifier} to Node`, () => {
      assert.equal(resolveTypeScript(specifier, project.path('main.ts')), undefined);
    });
  }

  it('finds the index of the own folder and of the one above', () => {
    assert.equal(resolveTypeScript('.', project.path('dir/a.ts')), project.path('dir/index.ts'));
    assert.equal(resolveTypeScript('..', project.path('dir/sub/a.ts')), project.path('dir/index.ts'));
  });
});

describe('isPath', () => {
  it('tells paths from packages', () => {
    assert.deepEqual(
      ['.', '..', './x', '../x', '/x', 'C:\\x', 'x', '.x', '@a/b', '#x', 'node:fs'].map(isPath),
      [...Array<boolean>(6).fill(true), ...Array<boolean>(5).fill(false)],
    );
  });
});

describe('isTypeScript', () => {
  it('knows source from declarations and JavaScript', () => {
    assert.deepEqual(['a.ts', 'a.tsx', 'a.mts', 'a.cts'].map(isTypeScript), [true, true, true, true]);
    assert.deepEqual(['a.d.ts', 'a.d.mts', 'a.js', 'ats'].map(isTypeScript), [false, false, false, false]);
  });
});
