import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import path from 'node:path';
import { RecordingFile } from '../../src/recording/recording-file';
import { TestFolder } from '../support/dumps';

describe('RecordingFile', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('gives a stretch of the file as a body, again and again, whole or in pieces', async () => {
    const text = 'x'.repeat(600_000);
    const file = new RecordingFile(folder.file('a', `<${text}>`));
    const body = file.body(1, text.length);
    assert.equal(body.length, text.length);
    assert.equal(await body.text(), text);
    const pieces: Buffer[] = [];
    for await (const piece of body.chunks()) pieces.push(piece);
    assert.ok(pieces.length > 1);
    assert.equal(Buffer.concat(pieces).toString(), text);
    assert.equal(file.body(1, 0).kind, 'memory');
    file.close();
    assert.throws(() => body.bytesSync(), /was closed/);
  });

  it('says so when the file was cut short meanwhile', () => {
    const name = folder.file('b', 'hello');
    const file = new RecordingFile(name);
    truncateSync(name, 2);
    assert.throws(() => file.read(0, 5), { name: 'RecordingError', message: /cut short/ });
    file.close();
  });

  it('says in one line what is wrong with the name', () => {
    const pipe = folder.file('pipe');
    execFileSync('mkfifo', [pipe]);
    const open = (name: string) => () => new RecordingFile(name);
    assert.throws(open(folder.file('none')), {
      name: 'RecordingError',
      message: /none: no such file; check/,
    });
    assert.throws(open(path.dirname(pipe)), {
      name: 'RecordingError',
      message: /is a folder; name a file in it/,
    });
    assert.throws(open(pipe), { name: 'RecordingError', message: /no regular file/ });
  });
});
