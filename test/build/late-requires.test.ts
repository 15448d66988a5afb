import assert from 'node:assert/strict';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Project } from '../config/project';
import { fullNames, lateRequires } from '../../build/late-requires.mjs';

const OPTIONS = { module: ModuleKind.Node20, target: ScriptTarget.ES2023 };

function Made(this: object, given: number): void {
  Object.assign(this, { given });
}

/** What a module becomes, run with a `require` that says what was asked for. */
function run(source: string) {
  const text = lateRequires(transpileModule(source, { compilerOptions: OPTIONS }).outputText);
  const asked: string[] = [];
  const exports: Record<string, unknown> = {};
  const require = (name: string) => (asked.push(name), { value: name, call: () => name, Made });
  new Function('exports', 'require', text)(exports, require);
  return { exports, asked, text };
}

describe('lateRequires', () => {
  it('loads what is marked when it is first used, once', () => {
    const { exports, asked } = run(`
      import { call, type Some } from './marked'; // late
      export const use = (): Some => call();
    `);
    assert.deepEqual(asked, []);
    const use = exports['use'] as () => unknown;
    assert.deepEqual([use(), use()], ['./marked', './marked']);
    assert.deepEqual(asked, ['./marked']);
  });

  it('loads what is exported from another module when it is first used', () => {
    const { exports, asked } = run(`export { value, type Some } from './other';`);
    assert.deepEqual(asked, []);
    assert.deepEqual([exports['value'], exports['value'], asked], ['./other', './other', ['./other']]);
  });

  it('asks as the module would, whatever a function calls `require`', () => {
    const { exports, asked } = run(`
      import { value } from './marked'; // late
      export const use = () => { const require = () => ({}); require(); return value; };
    `);
    assert.equal((exports['use'] as () => unknown)(), './marked');
    assert.deepEqual(asked, ['./marked']);
  });

  it('lets classes be made', () => {
    const { exports } = run(`
      import { Made } from './marked'; // late
      export const use = () => new Made(1);
    `);
    assert.deepEqual({ ...(exports['use'] as () => object)() }, { given: 1 });
  });

  it('leaves all else as it is', () => {
    const { asked, text } = run(`
      import './effect';
      import { value } from './plain';
      import * as all from './all'; // late
      export const use = () => [value, all];
    `);
    assert.deepEqual(asked, ['./effect', './plain', './all']);
    assert.equal(lateRequires(text), text);
  });

  it('keeps lines where they were', () => {
    const source = `import { value } from './marked'; // late\nexport const use = () => value;\n`;
    const before = transpileModule(source, { compilerOptions: OPTIONS }).outputText;
    assert.equal(lateRequires(before).split('\n').length, before.split('\n').length);
  });
});

describe('fullNames', () => {
  let project: Project;
  before(() => (project = new Project({ 'src/index.js': '', 'src/room/one.js': '' })));
  after(() => project.remove());

  const inRoom = (name: string) => fullNames(`require("${name}")`, project.path('src/room'), project.folder);

  it('says which file is meant', () => {
    assert.equal(inRoom('./one'), 'require("./one.js")');
    assert.equal(inRoom('../index'), 'require("../index.js")');
    assert.equal(inRoom('..'), 'require("../index.js")');
    assert.equal(inRoom('replay-proxy'), 'require("../index.js")');
    assert.equal(inRoom('replay-proxy/package.json'), 'require("../../../package.json")');
  });

  it('leaves packages, and what says it already', () => {
    for (const name of ['zod', 'node:fs', './one.js', './none'])
      assert.equal(inRoom(name), `require("${name}")`);
  });
});
