import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Project } from '../config/project';

const BUILD = resolve(__dirname, '../../build');

describe('the second step of the build', () => {
  let project: Project;
  beforeEach(() => (project = new Project()));
  afterEach(() => project.remove());

  it('changes what the compiler wrote, by whatever name its folder is reached, and once only', () => {
    const text = `const one_1 = require("./one"); // late\nexports.use = () => one_1.one;\n`;
    project.write({ 'real/dist/src/one.js': '', 'real/dist/src/two.js': text });
    cpSync(BUILD, project.path('real/build'), { recursive: true });
    symlinkSync(project.path('real'), project.path('link'), 'junction');
    const changed = () => {
      execFileSync(process.execPath, [join(project.path('link'), 'build/second-step.mjs')]);
      return readFileSync(project.path('real/dist/src/two.js'), 'utf8');
    };
    const first = changed();
    assert.match(first, /function one_1\(\) .*require\("\.\/one\.js"\)/);
    assert.equal(changed(), first);
  });
});
