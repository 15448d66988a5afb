import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { RecordingError } from '../../src/errors';
import { Attachments, bodiesFolder } from '../../src/recording/har-attachments';
import { scratch } from './har-samples';

describe('Attachments', () => {
  const at = scratch();

  it('finds files beside the recording and in folders beside it, and none elsewhere', () => {
    mkdirSync(at('here'));
    mkdirSync(at('here/x.har.bodies'));
    mkdirSync(at('here-too'));
    for (const name of ['here/x.har', 'here/x.har.bodies/abc', 'here/a b.css', 'secret', 'here-too/secret']) {
      writeFileSync(at(name), name);
    }
    symlinkSync(at('secret'), at('here/link'));
    symlinkSync(at('here-too'), at('here/folder'));
    const attachments = new Attachments(at('here/x.har'));
    assert.equal(attachments.find('x.har.bodies/abc').read().toString(), 'here/x.har.bodies/abc');
    assert.equal(attachments.find('a b.css').length, 12);
    const outside = [
      '../secret',
      at('secret'),
      '/etc/passwd',
      'C:\\x',
      '\\\\host\\x',
      'a/../../secret',
      '..\\secret',
      'link',
    ];
    for (const name of [...outside, 'folder/secret', '', 'a\0b', '.']) {
      assert.throws(() => attachments.find(name), RecordingError, name);
    }
    assert.throws(() => attachments.find('gone'), /attachment "gone" is not there/);
    assert.throws(() => attachments.find('x.har.bodies'), /is no regular file/);
  });

  it('reads slices, into a buffer that it is given', () => {
    writeFileSync(at('z.har'), '');
    writeFileSync(at('long'), '0123456789');
    const { slice } = new Attachments(at('z.har')).find('long');
    const into = Buffer.alloc(8);
    const piece = slice(2, 5, into);
    assert.deepEqual([piece.toString(), piece.buffer === into.buffer], ['23456', true]);
    assert.equal(slice(7, 3).toString(), '789');
  });

  it('says which file cannot be read any more', () => {
    writeFileSync(at('y.har'), '');
    mkdirSync(at('sub'));
    writeFileSync(at('sub/body'), 'x');
    const found = new Attachments(at('y.har')).find('sub/body');
    rmSync(at('sub/body'));
    assert.throws(() => found.read(), /y\.har: attachment "sub\/body" cannot be read any more .*put it back/);
  });

  it('names the folder for bodies after the whole name of the recording', () => {
    assert.equal(bodiesFolder('/a/shop.har'), 'shop.har.bodies');
  });
});
