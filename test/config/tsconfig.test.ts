import assert from 'node:assert/strict';
import { basename } from 'node:path';
import ts from 'typescript';
import { emitOptions, tsConfigFiles } from '../../src/config/tsconfig';
import { Project } from './project';

describe('tsConfigFiles', () => {
  let project: Project;
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const names = (folder = '.') =>
    tsConfigFiles(project.path(folder)).map(({ path }) => path.slice(project.folder.length + 1));

  it('finds the nearest file above', () => {
    project.write({ 'tsconfig.json': '{}', 'a/b/x.ts': '' });
    assert.deepEqual(names('a/b'), ['tsconfig.json']);
  });

  it('follows extends: paths with and without .json, lists, packages, circles', () => {
    project.write({
      'tsconfig.json': '{ // comment\n "extends": ["./base", "some-base", "gone"] }',
      'base.json': '{ "extends": "./tsconfig.json" }',
      'node_modules/some-base/tsconfig.json': '{}',
    });
    assert.deepEqual(names(), ['tsconfig.json', 'base.json', 'node_modules/some-base/tsconfig.json']);
    assert.equal(basename(tsConfigFiles(project.folder)[1]?.path ?? ''), 'base.json');
  });
});

describe('emitOptions', () => {
  let project: Project;
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const options = (config: object) => {
    project.write({
      'tsconfig.json': JSON.stringify({ extends: ['./base.json'], ...config }),
      'base.json': '{"compilerOptions":{"target":"es2020"}}',
    });
    return emitOptions(ts, tsConfigFiles(project.folder));
  };

  it('takes what changes the meaning of classes and decorators, inherited too', () => {
    assert.deepEqual(
      options({ compilerOptions: { experimentalDecorators: true, module: 'esnext', outDir: 'x' } }),
      {
        experimentalDecorators: true,
        useDefineForClassFields: false,
      },
    );
    assert.deepEqual(options({ compilerOptions: { target: 'esnext' } }), { useDefineForClassFields: true });
  });

  it('is empty without a file', () => assert.deepEqual(emitOptions(ts, []), {}));
});
