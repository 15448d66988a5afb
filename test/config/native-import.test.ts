import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { importFrom, lacksOwnName } from '../../src/config/native-import';
import { buildLoader, Project } from './project';

let build: string;
let project: Project;
const run = (body: string) => project.run(build, body);

describe('importing JavaScript', () => {
  before(() => void (build = buildLoader()));
  after(() => rmSync(build, { recursive: true }));
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());

  for (const [name, text] of [
    [
      'mine.mjs',
      'import { marker } from "replay-proxy"; import * as all from "replay-proxy"; export default [marker, all.default.marker];',
    ],
    ['mine.cjs', 'const { marker } = require("replay-proxy"); module.exports = [marker, marker];'],
    ['mine.js', 'const { marker } = require("replay-proxy"); module.exports = [marker, marker];'],
    ['module.js', 'import { marker } from "replay-proxy"; export default [marker, marker];'],
  ] as const) {
    it(`gives the running copy to ${name} in a folder without one`, () => {
      project.write({ [name]: text });
      const loaded = run(`return defaultExport(await loader.load('${name}'))`);
      assert.deepEqual(loaded, ['running copy', 'running copy']);
    });
  }

  it('loads JavaScript as Node does, and anew once it changed', () => {
    const names = ['a.mjs', 'b.cjs'];
    project.write({ 'a.mjs': 'export default await 1', 'b.cjs': 'module.exports = 1' });
    for (const name of names) utimesSync(project.path(name), 1, 1);
    const loaded = run(`
      const fs = require('node:fs');
      const read = async () => [defaultExport(await loader.load('a.mjs')), defaultExport(await loader.load('b.cjs'))];
      const first = await read();
      fs.writeFileSync('a.mjs', 'export default 2');
      fs.writeFileSync('b.cjs', 'module.exports = 2');
      loader.renew();
      return [first, await read()];`);
    assert.deepEqual(loaded, [
      [1, 1],
      [2, 2],
    ]);
  });

  it('prefers the copy that the folder has', () => {
    project.write({
      'mine.mjs': 'export { marker as default } from "replay-proxy";',
      'node_modules/replay-proxy/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/replay-proxy/index.js': 'export const marker = "installed copy";',
    });
    assert.equal(run(`return defaultExport(await loader.load('mine.mjs'))`), 'installed copy');
  });
});

describe('importFrom', () => {
  it('resolves like the file that it stands for', async () => {
    project = new Project({ 'deep/x.mjs': 'export default import.meta.url' });
    const { default: url } = (await importFrom(project.path('deep/main.ts'))('./x.mjs')) as {
      default: string;
    };
    assert.match(url, /deep\/x\.mjs$/);
    project.remove();
  });
});

describe('lacksOwnName', () => {
  const failure = (code: string, message: string) => Object.assign(new Error(message), { code });

  it('knows the two failures, and no others', () => {
    assert.ok(
      lacksOwnName(failure('ERR_MODULE_NOT_FOUND', "Cannot find package 'replay-proxy' imported from x")),
    );
    assert.ok(lacksOwnName(failure('MODULE_NOT_FOUND', "Cannot find module 'replay-proxy'\nRequire stack:")));
    assert.ok(!lacksOwnName(failure('MODULE_NOT_FOUND', "Cannot find module 'other'")));
    assert.ok(!lacksOwnName(failure('OTHER', "Cannot find module 'replay-proxy'")));
    assert.ok(!lacksOwnName(undefined));
  });
});
