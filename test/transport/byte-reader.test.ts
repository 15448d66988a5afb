import assert from 'node:assert/strict';
import { once } from 'node:events';
import { ByteReader } from '../../src/transport/byte-reader';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('a byte reader', () => {
  afterEach(closeSocketPairs);
  const reading = async (signal = new AbortController().signal) => {
    const { ours, theirs } = await socketPair();
    return { ours, theirs, reader: new ByteReader(ours, signal) };
  };

  it('takes what is asked for, however it comes, and leaves the rest', async () => {
    const { ours, theirs, reader } = await reading();
    const first = reader.bytes(3);
    theirs.write('a');
    await new Promise((resolve) => setTimeout(resolve, 5));
    theirs.write('bcHEAD\r\n\r\nrest');
    assert.equal(String(await first), 'abc');
    assert.equal(String(await reader.through('\r\n\r\n', 8)), 'HEAD\r\n\r\n');
    assert.equal(String(await reader.bytes(0)), '');
    reader.release();
    const [rest] = (await once(ours, 'data')) as [Buffer];
    assert.equal(String(rest), 'rest');
    theirs.end('more');
    const [more] = (await once(ours, 'data')) as [Buffer];
    assert.equal(String(more), 'more');
  });

  it('gives up on a mark that does not come in time', async () => {
    const { theirs, reader } = await reading();
    theirs.write('0123456789\r\n');
    assert.equal(await reader.through('\r\n', 11), undefined);
    assert.equal(String(await reader.through('\r\n', 12)), '0123456789\r\n');
  });

  it('says when the other side has left before', async () => {
    const ended = await reading();
    ended.theirs.end('ab');
    await assert.rejects(ended.reader.bytes(3), { code: 'ECONNRESET' });
    await assert.rejects(ended.reader.bytes(3), { code: 'ECONNRESET' });
    const reset = await reading();
    const waiting = reset.reader.through('x', 10);
    reset.theirs.resetAndDestroy();
    await assert.rejects(waiting, { code: 'ECONNRESET' });
    await assert.rejects(reset.reader.bytes(1), { code: 'ECONNRESET' });
  });

  it('heeds its signal, and leaves no listener behind', async () => {
    const control = new AbortController();
    const { ours, reader } = await reading(control.signal);
    const before = ours.eventNames().map((name) => ours.listenerCount(name));
    const waiting = reader.bytes(1);
    control.abort(new Error('enough'));
    await assert.rejects(waiting, /^Error: enough$/);
    await assert.rejects(reader.bytes(1), /^Error: enough$/);
    assert.deepEqual(
      ours.eventNames().map((name) => ours.listenerCount(name)),
      before,
    );
    ours.destroy();
    reader.release();
  });
});
