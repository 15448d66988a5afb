import assert from 'node:assert/strict';
import { BodyQueue } from '../../src/transport/upstream-body';

const KIB = 1024;

function queue(patience = 0): { body: BodyQueue; told: string[] } {
  const told: string[] = [];
  const source = {
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
    leave: () => void told.push('leave'),
    silent: () => {
      told.push('silent');
      body.end(new Error('silent'));
    },
  };
  const body = new BodyQueue(source, patience);
  return { body, told };
}

describe('BodyQueue', () => {
  it('hands over what was pushed before the reader came and after, then ends', async () => {
    const { body, told } = queue();
    body.push(Buffer.from('a'));
    const read = (async () => {
      const parts: string[] = [];
      for await (const chunk of body) parts.push(chunk.toString());
      return parts;
    })();
    await new Promise((resolve) => setImmediate(resolve));
    body.push(Buffer.from('b'));
    body.end();
    assert.deepEqual(await read, ['a', 'b']);
    assert.deepEqual(told, []);
  });

  it('pauses its source when it is full and resumes when it is nearly empty', async () => {
    const { body, told } = queue();
    for (let i = 0; i < 5; i++) body.push(Buffer.alloc(64 * KIB));
    assert.deepEqual(told, ['pause']);
    for (let i = 0; i < 3; i++) await body.next();
    assert.deepEqual(told, ['pause']);
    await body.next();
    assert.deepEqual(told, ['pause', 'resume']);
  });

  it('is full of few bytes, too, where they come in many parts', async () => {
    const { body, told } = queue();
    for (let i = 0; i < 1023; i++) body.push(Buffer.from('a'));
    assert.deepEqual(told, []);
    body.push(Buffer.from('a'));
    assert.deepEqual(told, ['pause']);
    for (let i = 0; i < 767; i++) await body.next();
    assert.deepEqual(told, ['pause']);
    await body.next();
    assert.deepEqual(told, ['pause', 'resume']);
  });

  it('hands over what was whole before it throws', async () => {
    const { body } = queue();
    body.push(Buffer.from('a'));
    body.end(new Error('cut short'));
    assert.equal((await body.next()).value?.toString(), 'a');
    await assert.rejects(body.next(), /cut short/);
  });

  it('tells its source when it is left, once, and never after the end', async () => {
    const left = queue();
    left.body.cancel();
    left.body.cancel();
    assert.deepEqual(left.told, ['leave']);
    const over = queue();
    over.body.end();
    over.body.cancel();
    assert.deepEqual(over.told, []);
  });

  it('never looks whole to a reader when it was cancelled', async () => {
    const waiting = queue();
    const next = waiting.body.next();
    waiting.body.cancel();
    await assert.rejects(next, /let go before its end/);
    const unread = queue();
    unread.body.push(Buffer.from('a'));
    unread.body.end();
    unread.body.cancel();
    await assert.rejects(unread.body.next(), /let go before its end/);
  });

  it('runs out of patience only while a reader waits', async () => {
    const { body, told } = queue(5);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(told, []);
    await assert.rejects(body.next(), /silent/);
    assert.deepEqual(told, ['silent']);
  });
});
