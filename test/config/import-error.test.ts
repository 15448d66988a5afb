import assert from 'node:assert/strict';
import { importError } from '../../src/config/import-error';

describe('importError', () => {
  const failure = (code: string, message: string) => Object.assign(new Error(message), { code });
  const text = "import a from 'a';\nimport b from './b';";
  const message = (error: unknown, specifier: string) =>
    (importError(error, specifier, text, 'mine.ts') as Error).message;

  it('names file, line, column and specifier', () => {
    assert.equal(
      message(failure('MODULE_NOT_FOUND', "Cannot find module './b'\nRequire stack:"), './b'),
      "mine.ts:2:15: cannot find './b', no such file",
    );
    assert.equal(
      message(failure('MODULE_NOT_FOUND', "Cannot find module 'a'"), 'a'),
      "mine.ts:1:15: cannot find the package 'a'; install it where this file can see it",
    );
  });

  it('says when only import() can do it', () => {
    for (const code of ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_REQUIRE_ASYNC_MODULE']) {
      assert.match(
        message(failure(code, 'long story'), 'a'),
        /^mine\.ts:1:15: 'a' .*use await import\('a'\) inside/,
      );
    }
  });

  it('returns all other errors as they are', () => {
    for (const error of [
      failure('MODULE_NOT_FOUND', "Cannot find module 'c'"),
      new TypeError('x'),
      undefined,
      'text',
    ]) {
      assert.equal(importError(error, 'a', text, 'mine.ts'), error);
    }
  });
});
