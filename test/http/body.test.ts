import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { streamOf } from '../support/exchange';

async function collect(body: Body): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('Body', () => {
  it('in memory can be read again and again', async () => {
    const body = Body.from('grün');
    assert.equal(body.kind, 'memory');
    assert.equal(body.length, 5);
    assert.equal(await body.text(), 'grün');
    assert.equal(await collect(body), 'grün');
    assert.equal(await collect(body), 'grün');
    assert.equal(Body.from(new Uint8Array([1, 2])).bytesSync().length, 2);
    assert.equal(Body.from(body), body);
  });

  it('in a file is read when asked for', async () => {
    let reads = 0;
    const body = Body.file({ length: 3, read: () => (reads++, Buffer.from('abc')) });
    assert.equal(reads, 0);
    assert.equal(body.length, 3);
    assert.equal(await collect(body), 'abc');
    assert.equal(await body.text(), 'abc');
    assert.equal(body.digest(), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('in a large file is never whole in memory', async () => {
    const whole = Buffer.alloc(600_000, 'abc');
    const slice = (offset: number, length: number) => whole.subarray(offset, offset + length);
    const body = Body.file({ length: whole.length, read: () => assert.fail('read at once'), slice });
    assert.equal(body.digest(), Body.from(whole).digest());
    const pieces = [...body.chunksSync()];
    assert.ok(pieces.length > 1 && Buffer.concat(pieces).equals(whole));
    assert.equal(await collect(body), whole.toString());
    assert.deepEqual([...Body.from('abc').chunksSync()].map(String), ['abc']);
    assert.deepEqual([...Body.empty.chunksSync()], []);
    assert.throws(() => [...streamOf('a').chunksSync()], { code: 'ERR_BODY_STREAMED' });
  });

  it('can be cut into pieces of given lengths', () => {
    const cut = (body: Body, ...lengths: number[]) => [...body.cut(lengths)].map(String);
    const slice = (offset: number, length: number) => Buffer.from('abcdef').subarray(offset, offset + length);
    const read = () => assert.fail('read at once');
    for (const body of [
      Body.from('abcdef'),
      Body.file({ length: 6, read, slice }),
      Body.file({ length: 6, read: () => Buffer.from('abcdef') }),
    ]) {
      assert.deepEqual(cut(body, 1, 2, 3), ['a', 'bc', 'def']);
      assert.deepEqual(cut(body, 4), ['abcd', 'ef']);
      assert.deepEqual(cut(body, 4, 0, 9, 1), ['abcd', 'ef']);
    }
    assert.deepEqual(cut(Body.empty, 1), []);
    assert.throws(() => cut(streamOf('a'), 1), { code: 'ERR_BODY_STREAMED' });
  });

  it('as a stream passes once, and says so instead of being empty', async () => {
    const body = streamOf('a', 'b');
    assert.equal(body.length, undefined);
    await assert.rejects(body.bytes(), { code: 'ERR_BODY_STREAMED' });
    assert.equal(await collect(body), 'ab');
    assert.throws(() => body.chunks(), { code: 'ERR_BODY_STREAMED' });
  });

  it('lets watchers see what passes, its end, and how it ended', async () => {
    const seen: string[] = [];
    const watch = (body: Body) =>
      body.watch({
        chunk: (bytes) => seen.push(String(bytes)),
        end: (error) => seen.push(error?.message ?? 'end'),
      });
    const whole = streamOf('a', 'b');
    watch(whole);
    await collect(whole);
    const cut = streamOf('c', new Error('cut'));
    watch(cut);
    await assert.rejects(collect(cut), /cut/);
    const left = streamOf('d', 'e');
    watch(left);
    for await (const _ of left.chunks()) break;
    assert.deepEqual(seen, ['a', 'b', 'end', 'c', 'cut', 'd', 'the reader left before the end']);
  });

  it('cancels the source of a stream', () => {
    let cancelled = 0;
    Body.stream(streamOf().chunks(), () => cancelled++).cancel();
    Body.from('x').cancel();
    assert.equal(cancelled, 1);
  });

  it('as a stream can be read ahead', async () => {
    const seen: string[] = [];
    const body = streamOf('a', 'b', 'c');
    assert.equal(body.opening, undefined);
    await body.readAhead(() => 2);
    assert.equal(String(body.opening), 'ab');
    body.watch({ chunk: (bytes) => seen.push(String(bytes)), end: () => seen.push('end') });
    assert.equal(await collect(body), 'abc');
    assert.deepEqual(seen, ['a', 'b', 'c', 'end']);
    await body.readAhead(() => 100);
    assert.equal(String(body.opening), 'ab');
    const held = Body.from('x');
    await held.readAhead(() => 1);
    assert.equal(held.opening, undefined);
  });
});
