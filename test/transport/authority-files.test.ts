import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { AuthorityFiles } from '../../src/transport/authority-files';
import { filesHaveOwners, useTemporaryFolder } from './temporary-folder';

describe('AuthorityFiles', () => {
  const path = useTemporaryFolder();
  const uid = process.getuid?.();
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

  it('has the layout of http-mitm-proxy', () => {
    const files = new AuthorityFiles(path(), uid);
    assert.equal(files.certificate, path('certs', 'ca.pem'));
    assert.equal(files.privateKey, path('keys', 'ca.private.key'));
    assert.equal(files.publicKey, path('keys', 'ca.public.key'));
  });

  it('reads nothing where nothing is, and makes no folder for it', async () => {
    const files = new AuthorityFiles(path('none'), uid);
    assert.equal(await files.read(files.privateKey), undefined);
    assert.equal(existsSync(path('none')), false);
  });

  it('lets exactly one of many win, and gives all of them its text', async () => {
    const files = new AuthorityFiles(path('ca'), uid);
    const texts = Array.from({ length: 30 }, (_, i) => `${i} `.repeat(5000));
    const got = await Promise.all(texts.map((text) => files.placeFirst(files.privateKey, text)));
    assert.equal(new Set(got).size, 1);
    assert.equal(readFileSync(files.privateKey, 'latin1'), got[0]);
    assert.ok(texts.includes(got[0] ?? ''));
    assert.deepEqual(readdirSync(files.folder), ['keys'], 'nothing is left lying about');
  });

  it('replaces a file in one step', async () => {
    const files = new AuthorityFiles(path('ca'), uid);
    await files.replace(files.publicKey, 'one');
    await files.replace(files.publicKey, 'two');
    assert.equal(await files.read(files.publicKey), 'two');
    assert.deepEqual(readdirSync(path('ca', 'keys')), ['ca.public.key']);
  });

  it('makes folders of mode 0700 and files of mode 0600 under any umask', async function () {
    if (!filesHaveOwners) this.skip();
    const files = new AuthorityFiles(path('deep', 'ca'), uid);
    const before = process.umask(0);
    try {
      await files.placeFirst(files.privateKey, 'key');
    } finally {
      process.umask(before);
    }
    assert.deepEqual(
      [mode(path('deep')), mode(files.folder), mode(path('deep', 'ca', 'keys'))],
      ['700', '700', '700'],
    );
    assert.equal(mode(files.privateKey), '600');
  });

  it('refuses a key that others can use, but not a certificate', async function () {
    if (!filesHaveOwners) this.skip();
    const files = new AuthorityFiles(path(), uid);
    await files.placeFirst(files.privateKey, 'key');
    await files.placeFirst(files.certificate, 'certificate');
    chmodSync(files.privateKey, 0o640);
    chmodSync(files.certificate, 0o644);
    await assert.rejects(files.read(files.privateKey), {
      name: 'ConfigError',
      code: 'ERR_CA_EXPOSED',
      message: new RegExp(`^CA key ${files.privateKey}: others can use it \\(mode 0640\\); chmod 600 it`),
    });
    assert.equal(await files.read(files.certificate), 'certificate');
  });

  it('refuses files of another user', async function () {
    if (uid === undefined) this.skip();
    const mine = new AuthorityFiles(path(), uid);
    await mine.placeFirst(mine.privateKey, 'key');
    const theirs = new AuthorityFiles(path(), uid + 1);
    await assert.rejects(theirs.read(theirs.privateKey), {
      code: 'ERR_CA_EXPOSED',
      message: /belongs to user/,
    });
  });

  it('refuses a folder in which others can put files', async function () {
    if (!filesHaveOwners) this.skip();
    const files = new AuthorityFiles(path('ca'), uid);
    mkdirSync(files.folder);
    chmodSync(files.folder, 0o777);
    await assert.rejects(files.read(files.certificate), {
      code: 'ERR_CA_EXPOSED',
      message: new RegExp(`^CA folder ${files.folder}: others can write to it \\(mode 0777\\)`),
    });
  });

  it('says which file cannot be read or written, in one line', async () => {
    writeFileSync(path('file'), '');
    const files = new AuthorityFiles(path('file'), uid);
    await assert.rejects(files.read(files.certificate), {
      code: 'ERR_CA_UNREADABLE',
      message: /^CA file .*ca\.pem: cannot be read \(.*ENOTDIR.*\); .*$/,
    });
    await assert.rejects(files.placeFirst(files.certificate, ''), {
      code: 'ERR_CA_UNWRITABLE',
      message: /^CA file .*ca\.pem: cannot be written \(.*\); .*$/,
    });
  });
});
