import assert from 'node:assert/strict';
import { chmodSync, chownSync } from 'node:fs';
import { CONFIG_NAMES, findConfig } from '../../src/config/find-config';
import { Project } from './project';

describe('findConfig', () => {
  const uid = process.getuid?.();
  let project: Project;
  let options: { home: string; uid: number | undefined };
  beforeEach(() => {
    project = new Project();
    options = { home: project.folder, uid };
  });
  afterEach(() => project.remove());
  const search = (folder: string) => findConfig(project.path(folder), options);

  for (const name of CONFIG_NAMES) {
    it(`finds ${name} in a folder above, without loading it`, async () => {
      project.write({ [name]: 'this is no code', 'a/b/x': '' });
      assert.equal(await search('a/b'), project.path(name));
    });
  }

  it('finds an empty file', async () => {
    project.write({ 'replay.config.ts': '' });
    assert.equal(await search('.'), project.path('replay.config.ts'));
  });

  it('prefers the nearest folder, and TypeScript in it', async () => {
    project.write({ 'replay.config.ts': '', 'a/replay.config.js': '', 'a/replay.config.mts': '' });
    assert.equal(await search('a'), project.path('a/replay.config.mts'));
  });

  it('looks beside the nearest package.json and no further', async () => {
    project.write({ 'replay.config.ts': '', 'a/package.json': '{}', 'a/b/x': '' });
    assert.equal(await search('a/b'), undefined);
    project.write({ 'a/replay.config.ts': '' });
    assert.equal(await search('a/b'), project.path('a/replay.config.ts'));
  });

  it('stops at a repository, also one whose .git is a file', async () => {
    project.write({ 'replay.config.ts': '', 'a/.git/HEAD': '', 'b/.git': 'gitdir: elsewhere', 'c/x': '' });
    assert.equal(await search('a'), undefined);
    assert.equal(await search('b'), undefined);
    assert.equal(await search('c'), project.path('replay.config.ts'));
  });

  it('stops at home', async () => {
    project.write({ 'replay.config.ts': '', 'home/work/x': '' });
    options.home = project.path('home');
    assert.equal(await search('home/work'), undefined);
  });

  it('reads no rc files and no package.json keys', async () => {
    project.write({ '.replayrc': '{}', '.config/replayrc.json': '{}', 'package.json': '{"replay":{}}' });
    assert.equal(await search('.'), undefined);
  });

  it('refuses a file that everyone can write', async function () {
    if (uid === undefined) this.skip();
    project.write({ 'replay.config.ts': '' });
    chmodSync(project.path('replay.config.ts'), 0o666);
    await assert.rejects(search('.'), {
      name: 'ConfigError',
      code: 'ERR_CONFIG_OWNER',
      message:
        /^\S+replay\.config\.ts: can be written by everyone, so it is not loaded; make it yours[^\n]+$/,
    });
  });

  it('refuses a file of another user', async function () {
    if (uid === undefined) this.skip();
    project.write({ 'replay.config.ts': '' });
    // only root may give files away, and root's own are trusted, whoever asks
    if (uid === 0) chownSync(project.path('replay.config.ts'), 12345, 12345);
    else options.uid = uid + 1;
    await assert.rejects(search('.'), /belongs to another user/);
  });
});
