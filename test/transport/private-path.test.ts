import assert from 'node:assert/strict';
import { fileExposure, folderExposure } from '../../src/transport/private-path';

const ME = 1000;

describe('fileExposure', () => {
  it('is silent about a file that only its owner can use', () => {
    assert.equal(fileExposure({ mode: 0o100600, uid: ME }, ME), undefined);
    assert.equal(fileExposure({ mode: 0o100400, uid: ME }, ME), undefined);
  });

  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o644, 0o601]) {
    it(`objects to mode ${mode.toString(8)}`, () => {
      assert.match(
        fileExposure({ mode: 0o100000 | mode, uid: ME }, ME) ?? '',
        new RegExp(`mode 0${mode.toString(8)}.*chmod 600`),
      );
    });
  }

  it('objects to another owner, root included', () => {
    assert.match(
      fileExposure({ mode: 0o100600, uid: 7 }, ME) ?? '',
      /belongs to user 7, not to you \(1000\)/,
    );
    assert.match(fileExposure({ mode: 0o100600, uid: 0 }, ME) ?? '', /belongs to user 0/);
  });

  it('has nothing to say where files have no owners', () => {
    assert.equal(fileExposure({ mode: 0o100666, uid: 0 }, undefined), undefined);
  });
});

describe('folderExposure', () => {
  it('is silent about folders that others can at most read', () => {
    assert.equal(folderExposure({ mode: 0o040700, uid: ME }, ME), undefined);
    assert.equal(folderExposure({ mode: 0o040755, uid: ME }, ME), undefined);
    assert.equal(folderExposure({ mode: 0o040755, uid: 0 }, ME), undefined);
    assert.equal(folderExposure({ mode: 0o040777, uid: 7 }, undefined), undefined);
  });

  it('objects to folders in which others can replace files', () => {
    assert.match(folderExposure({ mode: 0o040775, uid: ME }, ME) ?? '', /mode 0775.*chmod 700/);
    assert.match(folderExposure({ mode: 0o041777, uid: 0 }, ME) ?? '', /mode 1777/);
    assert.match(folderExposure({ mode: 0o040700, uid: 7 }, ME) ?? '', /belongs to user 7/);
  });
});
