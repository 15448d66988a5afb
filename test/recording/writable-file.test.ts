import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { RecordingFile } from '../../src/recording/recording-file';
import { openForWriting, type WritableFile } from '../../src/recording/writable-file';
import { scratch } from './har-samples';

const opened = (path: string): WritableFile => openForWriting(path, {}, (file) => file);

describe('openForWriting', () => {
  const at = scratch();

  it('keeps the file to one writer, until that closes it or cannot be made', () => {
    const file = opened(at('a'));
    assert.equal(file.existing, undefined);
    assert.throws(() => opened(at('a')), /is being written by process/);
    file.close();
    file.close();
    assert.throws(() => file.assertOpen(), /a is closed; nothing more can be written/);
    const unable = (): never => {
      throw Object.assign(new Error('raw'), { code: 'EROFS' });
    };
    assert.throws(() => openForWriting(at('a'), {}, unable), {
      name: 'RecordingError',
      message: /cannot be written: the file system is read-only; name another place/,
    });
    assert.equal(existsSync(at('a.lock')), false);
    mkdirSync(at('folder'));
    assert.throws(() => opened(at('folder')), /is no regular file; name another one/);
  });

  it('leaves what is there until it is told to begin anew', () => {
    writeFileSync(at('b'), 'before');
    const file = opened(at('b'));
    assert.equal(file.existing, 6);
    file.open(false);
    assert.equal(file.size, 6);
    file.close();
    const anew = opened(at('b'));
    anew.open(true);
    assert.equal(anew.size, 0);
    anew.close();
  });

  it('writes all or none', () => {
    let room = 100;
    const file = openForWriting(
      at('c'),
      {
        write: (fd, bytes, offset, length, position) => {
          if (room === 0) throw new Error('full');
          const some = Math.min(room, length, 10);
          room -= some;
          return writeSync(fd, bytes, offset, some, position);
        },
      },
      (made) => made,
    );
    file.open(true);
    file.write(Buffer.from('begun, END'), 0);
    assert.equal(file.writeEnd([Buffer.from('gone on '), Buffer.from('with, END')], 7), 17);
    room = 4;
    assert.throws(() => file.writeEnd([Buffer.from('and never finished')], 21, Buffer.from('END')), /full/);
    file.close();
    assert.equal(readFileSync(at('c'), 'utf8'), 'begun, gone on with, END');
  });

  it('goes on with a file that is being read only when told so', () => {
    const path = at('read');
    writeFileSync(path, 'x');
    const reader = new RecordingFile(path);
    try {
      const open = (options: Parameters<typeof openForWriting>[1]) =>
        openForWriting(path, options, (file) => file.close());
      for (const options of [{}, { append: true }, { whileRead: true }])
        assert.throws(() => open(options), /cannot be recorded to while it is replayed from/);
      open({ append: true, whileRead: true });
    } finally {
      reader.close();
    }
  });
});
