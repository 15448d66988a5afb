import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { ModuleLoader } from '../../src/config/module-loader';
import { buildLoader, Project } from './project';

describe('ModuleLoader', () => {
  let build: string;
  let project: Project;
  before(() => void (build = buildLoader()));
  after(() => rmSync(build, { recursive: true }));
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const run = (body: string) => project.run(build, body);
  const failure = async (file: string): Promise<unknown> => {
    const loader = new ModuleLoader({ running: {}, cacheFolder: project.cacheFolder, cwd: project.folder });
    return loader.load(file).then(
      () => 'loaded',
      (error: Error) => [error.name, error.message],
    );
  };

  it('never loads the compiler when the cache has the file', () => {
    project.write({
      'a.ts': `import b from './b'; export default b;`,
      'b.ts': 'export default 1 as number;',
    });
    const body = `
      const value = defaultExport(await loader.load('a.ts'));
      return [value, Object.keys(require.cache).some((path) => /[\\\\/](?:typescript[\\\\/]lib|ts-node)[\\\\/]/.test(path))];`;
    assert.deepEqual(run(body), [1, true]);
    assert.deepEqual(run(body), [1, false]);
  });

  for (const name of ['a.ts', 'a.mts']) {
    it(`keeps lines in the stack of what ${name} throws, compiled now or cached`, () => {
      project.write({
        [name]:
          'interface A {\n  b: 1;\n}\nenum E { A }\n\nexport default async (): Promise<A> => {\n  await import("node:os"); throw new Error(String(E.A));\n};',
      });
      const body = `try { await defaultExport(await loader.load('${name}'))() } catch (error) { return error.stack.split('\\n')[1]; }`;
      for (const turn of ['compiled', 'cached']) {
        assert.match(String(run(body)), new RegExp(`/${name.replace('.', '\\.')}:7:34\\)?$`), turn);
      }
    });
  }

  it('reads everything anew in the next generation, and nothing before', () => {
    project.write({
      'a.ts': `import b from './b'; import c from './c.json'; export default [b, c];`,
      'b.ts': 'export default 1',
      'c.json': '1',
    });
    const loaded = run(`
      const fs = require('node:fs');
      const read = async () => defaultExport(await loader.load('a.ts'));
      const first = await read();
      fs.writeFileSync('b.ts', 'export default 2');
      fs.writeFileSync('c.json', '2');
      const same = await read() === first;
      loader.renew();
      return [first, same, await read()];`);
    assert.deepEqual(loaded, [[1, 1], true, [2, 2]]);
  });

  const bad = {
    'syntax.ts': ['export default {\n  a: 1\n  b: 2 };', "syntax.ts:3:3: ',' expected"],
    'syntax.mjs': ['export default {\n  a: 1\n  b: 2 };', "syntax.mjs:3:3: ',' expected"],
    'syntax.json': ['{\n  "a": 1,\n  "b": oops\n}', 'syntax.json:3:8: Property value can only be '],
    'await.ts': ['const a = 1;\nawait a;', 'await.ts:2:1: top-level await is not supported here'],
    'path.ts': [`import './syntax.json';\nexport {};`, 'syntax.json:3:8: '],
    'gone.ts': [
      `\nimport x from './nope.js';\nexport default x;`,
      "gone.ts:2:15: cannot find './nope.js', no such file",
    ],
    'package.ts': [
      `import x from 'nope';\nexport default x;`,
      "package.ts:1:15: cannot find the package 'nope'; install it",
    ],
    'gone.mjs': [`import x from 'nope';`, "gone.mjs:1:15: Cannot find package 'nope' imported from "],
    'gone.cjs': [`require('./nope');`, "gone.cjs:1:9: Cannot find module './nope'"],
    'style.css': ['', 'style.css: cannot load this kind of file; use .ts'],
  } as const;
  for (const [name, [text, message]] of Object.entries(bad)) {
    it(`says in one line what is wrong with ${name}`, async () => {
      project.write({ 'syntax.json': bad['syntax.json'][0], [name]: text });
      const [kind, said] = (await failure(name)) as [string, string];
      assert.equal(kind, 'ConfigError');
      assert.equal(said.slice(0, message.length), message);
      assert.doesNotMatch(said, /\n/);
    });
  }

  it('says that a file is missing, or is a folder', async () => {
    project.write({ 'folder.ts/x': '' });
    assert.deepEqual(await failure('./nope.ts'), ['ConfigError', 'nope.ts: no such file']);
    assert.deepEqual(await failure('folder.ts'), ['ConfigError', 'folder.ts: is not a file']);
  });

  it('names the file that has the missing import, not the one that was loaded', async () => {
    project.write({ 'a.ts': `import './b';`, 'b.ts': `\n\nimport x from 'nope'; export default x;` });
    assert.match(String(await failure('a.ts')), /,b\.ts:3:15: cannot find the package 'nope'/);
  });

  it('passes on what the file itself throws', async () => {
    project.write({ 'a.ts': `throw new TypeError('mine');` });
    assert.deepEqual(await failure('a.ts'), ['TypeError', 'mine']);
  });

  it('works without a cache folder', () => {
    project.write({ 'a.ts': 'export default 1 as number', blocked: '' });
    assert.equal(
      run(`
        const other = new ModuleLoader({ running, cacheFolder: ${JSON.stringify(project.path('blocked'))} });
        return defaultExport(await other.load('a.ts'));`),
      1,
    );
  });
});
