import assert from 'node:assert/strict';
import { ReadAhead } from '../../src/http/read-ahead';

async function* pieces(...texts: (string | Error)[]): AsyncGenerator<Buffer> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

async function rest(stream: ReadAhead): Promise<string[]> {
  const list: string[] = [];
  for await (const piece of stream) list.push(String(piece));
  return list;
}

describe('ReadAhead', () => {
  it('reads as far as it is told, and loses nothing', async () => {
    const stream = new ReadAhead(pieces('a', 'bc', 'd', 'ef'));
    await stream.until(() => 2);
    assert.equal(String(stream.opening), 'abc');
    await stream.until((opening) => (opening.length < 4 ? 4 : 2));
    assert.equal(String(stream.opening), 'abcd');
    assert.deepEqual(await rest(stream), ['a', 'bc', 'd', 'ef']);
    assert.equal(String(stream.opening), 'abcd');
  });

  it('ends with the stream', async () => {
    const stream = new ReadAhead(pieces('a', 'b'));
    await stream.until(() => 100);
    assert.equal(String(stream.opening), 'ab');
    assert.deepEqual(await rest(stream), ['a', 'b']);
    const empty = new ReadAhead(pieces());
    await empty.until(() => 1);
    assert.deepEqual(await rest(empty), []);
    const unread = new ReadAhead(pieces('a'));
    assert.deepEqual(await rest(unread), ['a']);
  });

  it('goes on behind a read that nobody waited for', async () => {
    let arrive = () => {};
    const late = new Promise<void>((resolve) => (arrive = resolve));
    async function* slow() {
      yield Buffer.from('a');
      await late;
      yield Buffer.from('b');
    }
    const stream = new ReadAhead(slow());
    const abandoned = stream.until(() => 2);
    await new Promise(setImmediate);
    const all = rest(stream);
    arrive();
    assert.deepEqual(await all, ['a', 'b']);
    await abandoned;
  });

  it('rejects when the stream breaks, and lets go of its source', async () => {
    const stream = new ReadAhead(pieces('a', new Error('cut')));
    await assert.rejects(
      stream.until(() => 2),
      /cut/,
    );
    let isFree = false;
    async function* source() {
      try {
        yield Buffer.from('a');
        yield Buffer.from('b');
      } finally {
        isFree = true;
      }
    }
    for await (const _ of new ReadAhead(source())) break;
    assert.equal(isFree, true);
  });
});
