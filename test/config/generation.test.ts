import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { buildLoader, Project } from './project';

describe('Generation', () => {
  let build: string;
  let project: Project;
  before(() => void (build = buildLoader()));
  after(() => rmSync(build, { recursive: true }));
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const run = (body: string) => project.run(build, body);

  const folders = {
    'a bare folder': {},
    'a CommonJS folder': { 'package.json': '{}' },
    'a "type": "module" folder': { 'package.json': '{"type":"module"}' },
  };
  for (const [kind, files] of Object.entries(folders)) {
    it(`loads a config with all that it imports in ${kind}, and writes nothing there`, () => {
      project.write({
        ...files,
        'replay.config.ts': `
          import { marker } from 'replay-proxy';
          import { join } from 'node:path';
          import plain from './plain';
          import { output } from './output.js';
          import index from './dir';
          import data from './data.json' with { type: 'json' };
          import pure, { named } from 'pure';
          import { later } from './circle';
          enum Level { High = 'high' }
          class Point { constructor(readonly x: number) {} }
          export const own = 'own';
          export default {
            marker, plain, output, index, data, pure, named, level: Level.High, x: new Point(1).x, later: later(),
            path: join('a', 'b'), here: import.meta.dirname,
            options: { deep: true } satisfies Record<string, boolean>,
            dynamic: async () => [
              (await import('./plain')).default, (await import('pure')).named, (await import('replay-proxy')).marker,
              (await import('awaits')).default, (await import(new URL('./plain.ts', import.meta.url).href)).default,
            ],
          };`,
        'plain.ts': 'export default 1 as number;',
        'output.ts': 'export const output = 2;',
        'dir/index.ts': `export { default } from '../plain.js';`,
        'data.json': '{"three":3}',
        'circle.ts': `import { own } from './replay.config'; export const later = () => own;`,
        'node_modules/pure/package.json': '{"type":"module","exports":"./index.js"}',
        'node_modules/pure/index.js': 'export default "pure"; export const named = "named";',
        'node_modules/awaits/package.json': '{"type":"module","exports":{"import":"./index.js"}}',
        'node_modules/awaits/index.js': 'export default await "awaited";',
      });
      const before = project.files();
      const loaded = run(`
        const config = defaultExport(await loader.load('replay.config.ts'));
        return { ...config, dynamic: await config.dynamic() };`);
      assert.deepEqual(loaded, {
        ...{
          marker: 'running copy',
          plain: 1,
          output: 2,
          index: 1,
          data: { three: 3 },
          pure: 'pure',
          named: 'named',
        },
        ...{ level: 'high', x: 1, later: 'own', path: 'a/b', here: project.folder, options: { deep: true } },
        dynamic: [1, 'named', 'running copy', 'awaited', 1],
      });
      assert.deepEqual(project.files(), before);
    });
  }

  it('finds half of a circle, as Node does, and keeps nothing of what failed', () => {
    project.write({
      'a.ts': `import { b } from './b'; export const a = 'a'; export default b;`,
      'b.ts': `import * as other from './a'; export const b = Object.keys(other);`,
      'bad.ts': `import './a'; throw new Error('bad ' + (globalThis.turn = (globalThis.turn ?? 0) + 1));`,
    });
    const loaded = run(`
      const said = () => loader.load('bad.ts').catch((error) => error.message);
      return [defaultExport(await loader.load('a.ts')), await said(), await said()];`);
    assert.deepEqual(loaded, [['a'], 'bad 1', 'bad 2']);
  });

  it('compiles TypeScript of a linked package, and respects its own main', () => {
    project.write({
      'main.ts': `import x from 'linked'; export default x;`,
      'packages/linked/package.json': '{"main":"./source.ts"}',
      'packages/linked/source.ts': 'enum E { A = "linked" } export default E.A;',
    });
    mkdirSync(project.path('node_modules'));
    symlinkSync(project.path('packages/linked'), project.path('node_modules/linked'), 'junction');
    assert.equal(run(`return defaultExport(await loader.load('main.ts'))`), 'linked');
  });

  it('reads an export assignment and JSON', () => {
    project.write({ 'a.cts': `export = { a: 1 as number };`, 'b.json': '\uFEFF{"b":2}' });
    assert.deepEqual(run(`return [defaultExport(await loader.load('a.cts')), await loader.load('b.json')]`), [
      { a: 1 },
      { b: 2 },
    ]);
  });
});
