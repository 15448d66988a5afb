import assert from 'node:assert/strict';
import { displayPath, importPosition, lineAndColumn } from '../../src/config/source-position';

describe('displayPath', () => {
  it('is relative below the folder and absolute elsewhere', () => {
    assert.equal(displayPath('/home/me/project/a/x.ts', '/home/me/project'), 'a/x.ts');
    assert.equal(displayPath('/home/me/x.ts', '/home/me/project'), '/home/me/x.ts');
  });
});

describe('lineAndColumn', () => {
  it('counts from 1', () => {
    assert.equal(lineAndColumn('ab\ncd', 0), '1:1');
    assert.equal(lineAndColumn('ab\ncd', 4), '2:2');
  });
});

describe('importPosition', () => {
  it('finds an import of any kind, not a mention in a comment', () => {
    assert.equal(importPosition(`// see './x'\nimport x from './x';`, './x'), ':2:15');
    assert.equal(importPosition(`const x = require("./x")`, './x'), ':1:19');
    assert.equal(importPosition('const x = await import( `./x` )', './x'), ':1:25');
    assert.equal(importPosition(`export { x } from './x'`, './x'), ':1:19');
  });

  it('is empty for a computed specifier', () => {
    assert.equal(importPosition('require(name)', './x'), '');
  });
});
