import assert from 'node:assert/strict';
import { eachRecord, endOfRecords } from '../../src/recording/mitmproxy-records';
import { RecordingFile } from '../../src/recording/recording-file';
import { encodeTnetstring } from '../../src/recording/tnetstring';
import { TestFolder } from '../support/dumps';

const record = (size: number): Buffer => encodeTnetstring({ content: Buffer.alloc(size, 'x') });
const MEBIBYTE = 1024 * 1024;

describe('the records of a dump', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  async function walk(content: Buffer): Promise<{ sizes: number[]; offset: number; cutOff: boolean }> {
    const file = new RecordingFile(folder.file('a.mitm', content));
    const sizes: number[] = [];
    const end = await eachRecord(file, ({ cursor }) => {
      assert.ok(cursor.next() && cursor.next());
      sizes.push(cursor.to - cursor.from);
    });
    assert.deepEqual(endOfRecords(file), { ...end, count: sizes.length });
    file.close();
    return { sizes, ...end };
  }

  it('come in order, those that cross or exceed the window too', async () => {
    const sizes = [10, 3 * MEBIBYTE, 2 * MEBIBYTE, 0, 9 * MEBIBYTE, 5, 4 * MEBIBYTE - 100, 7];
    const content = Buffer.concat(sizes.map(record));
    assert.deepEqual(await walk(content), { sizes, offset: content.length, cutOff: false });
  });

  it('tell how far they are, and let other work have its turn', async () => {
    const file = new RecordingFile(
      folder.file('b.mitm', Buffer.concat([1, 2, 3].map(() => record(3 * MEBIBYTE)))),
    );
    const seen: number[] = [];
    let turned = false;
    let turnedBeforeTheLast = false;
    setImmediate(() => (turned = true));
    await eachRecord(
      file,
      () => (turnedBeforeTheLast = turned),
      (read) => seen.push(read),
    );
    file.close();
    assert.ok(turnedBeforeTheLast);
    assert.equal(seen.at(-1), file.size);
    assert.ok(seen.length > 2);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
  });

  it('end where one is cut off, wherever that is', async () => {
    const whole = record(5);
    const next = record(30);
    for (let kept = 1; kept < next.length; kept++) {
      const end = await walk(Buffer.concat([whole, next.subarray(0, kept)]));
      assert.deepEqual(end, { sizes: [5], offset: whole.length, cutOff: true }, `cut after ${kept}`);
    }
  });

  it('end where something else follows', async () => {
    const whole = record(5);
    for (const other of [
      '\n',
      '{"log":1}',
      '5:hello,',
      '12345678901:',
      '4:null~',
      `${'0'.repeat(80)}`,
      '9:<a></a>.}',
    ]) {
      const end = await walk(Buffer.concat([whole, Buffer.from(other)]));
      assert.deepEqual(end, { sizes: [5], offset: whole.length, cutOff: false }, other);
    }
  });
});
