import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { CompileCache } from '../../src/config/compile-cache';
import { Compiler } from '../../src/config/compiler';
import { tsConfigFiles } from '../../src/config/tsconfig';
import { Project } from './project';

describe('Compiler', () => {
  let project: Project;
  let compiler: Compiler;
  beforeEach(() => {
    project = new Project();
    compiler = new Compiler(new CompileCache(project.cacheFolder, process.getuid?.()), project.folder);
  });
  afterEach(() => project.remove());
  const compile = (text: string, name = 'mine.ts') =>
    compiler.compile(text, project.path(name), tsConfigFiles(project.folder));

  for (const name of ['a.ts', 'a.mts', 'a.cts', 'a.tsx']) {
    it(`makes CommonJS of ${name}, with a source map that names it`, () => {
      const output = compile('export enum Kind { One }', name);
      assert.match(output, /exports\.Kind = /);
      const map = Buffer.from(output.split('base64,').at(-1) ?? '', 'base64').toString('utf8');
      assert.deepEqual((JSON.parse(map) as { sources: unknown }).sources, [project.path(name)]);
    });
  }

  for (const name of ['mine.ts', 'mine.mts']) {
    it(`names file, line and column of a syntax error in ${name}`, () => {
      assert.throws(() => compile('export default {\n  a: 1\n  b: 2,\n};', name), {
        name: 'ConfigError',
        message: `${name}:3:3: ',' expected`,
      });
    });
  }

  it('compiles the same file right after an error', () => {
    assert.throws(() => compile('const = 1'));
    assert.match(compile('export const a = 1'), /exports\.a = 1/);
  });

  it('ignores type errors', () => {
    assert.match(compile('export const a: number = "text";'), /exports\.a = "text"/);
  });

  it('keeps its output, and compiles anew when the text or the tsconfig changes', () => {
    const text = 'function deco(..._: unknown[]) {}\nexport class A { @deco method() {} }';
    const standard = compile(text);
    assert.equal(compile(text), standard);
    project.write({ 'tsconfig.json': '{ "extends": "./base.json" }', 'base.json': '{}' });
    assert.equal(compile(text), standard);
    project.write({ 'base.json': '{ "compilerOptions": { "experimentalDecorators": true } }' });
    assert.match(compile(text), /__decorate\(/);
    assert.equal(readdirSync(project.cacheFolder).length, 1);
  });

  it('makes CommonJS whatever the tsconfig says, a broken one too', () => {
    project.write({
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "noEmit": true, "verbatimModuleSyntax": true } }',
    });
    assert.match(compile('export const a = 1'), /exports\.a = 1/);
    project.write({ 'tsconfig.json': '{ "compilerOptions": oops' });
    assert.match(compile('export const a = 2'), /exports\.a = 2/);
  });
});
