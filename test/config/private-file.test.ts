import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../../src/config/private-file';
import { Project } from './project';

describe('a private file', () => {
  const uid = process.getuid?.();
  let project: Project;
  let path: string;
  beforeEach(() => {
    project = new Project();
    path = project.path('deep/er/file');
  });
  afterEach(() => project.remove());

  it('is read as it was written last', () => {
    assert.equal(readPrivateFile(path, uid), undefined);
    writePrivateFile(path, 'one');
    writePrivateFile(path, Buffer.from([0, 255]));
    assert.deepEqual(readPrivateFile(path, uid), Buffer.from([0, 255]));
    assert.deepEqual(readdirSync(dirname(path)), ['file']);
  });

  it('is for its user only', function () {
    if (uid === undefined) this.skip();
    writePrivateFile(path, 'one');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    assert.equal(readPrivateFile(path, uid === 0 ? undefined : uid)?.toString(), 'one');
    chmodSync(path, 0o666);
    assert.equal(readPrivateFile(path, uid), undefined);
  });

  it('is silently not written where it cannot be', () => {
    project.write({ file: '' });
    writePrivateFile(project.path('file/below/it'), 'one');
    assert.deepEqual(project.files(), ['file']);
  });
});
