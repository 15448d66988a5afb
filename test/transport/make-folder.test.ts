import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../../src/transport/make-folder';
import { filesHaveOwners, useTemporaryFolder } from './temporary-folder';

describe('making a folder', () => {
  const folder = useTemporaryFolder();

  it('makes what is missing above it, for its owner only', async () => {
    await makeFolder(folder('a', 'b', 'c'));
    if (!filesHaveOwners) return;
    for (const made of [folder('a'), folder('a', 'b'), folder('a', 'b', 'c')])
      assert.equal(statSync(made).mode & 0o777, 0o700);
  });

  it('takes one that is there, and any number of makers at once', async () => {
    const deep = folder('a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(deep)]);
    await makeFolder(deep);
    assert.ok(statSync(deep).isDirectory());
  });

  it('fails below a file', async () => {
    writeFileSync(folder('file'), '');
    await assert.rejects(makeFolder(folder('file', 'a', 'b')), { code: 'ENOTDIR' });
  });

  it('fails where the system lets nobody make anything (where there is /proc)', async function () {
    if (!existsSync('/proc/self')) return this.skip();
    await assert.rejects(makeFolder('/proc/no-such-folder/keys'), { code: 'ENOENT' });
  });
});
