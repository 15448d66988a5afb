import assert from 'node:assert/strict';
import type { WebSocketEnd } from '../../src/core/web-socket';
import { webSocketPipe } from '../../src/core/web-socket-pipe';

const text = (data: string) => ({ opcode: 1 as const, data: Buffer.from(data) });

async function all({ messages }: WebSocketEnd): Promise<string[]> {
  const got: string[] = [];
  for await (const { data } of messages) got.push(data.toString());
  return got;
}

describe('webSocketPipe', () => {
  it('carries messages to the other end, in order, then the goodbye', async () => {
    const { near, far } = webSocketPipe(() => 5);
    void near.send(text('a'));
    void near.send(text('b'));
    near.close(4000, 'bye');
    assert.deepEqual(await all(far), ['a', 'b']);
    assert.deepEqual(await far.closed, { code: 4000, reason: 'bye' });
  });

  it('lets the sender wait until its message was dealt with', async () => {
    const { near, far } = webSocketPipe(() => 0);
    const steps: string[] = [];
    const sent = near.send(text('a')).then(() => steps.push('sent'));
    for await (const { data } of far.messages) {
      await new Promise(setImmediate);
      steps.push(data.toString());
      near.close(1000);
    }
    await sent;
    assert.deepEqual(steps, ['a', 'sent']);
  });

  it('loses what is sent after the goodbye, without an error', async () => {
    const { near, far } = webSocketPipe(() => 0);
    near.close(1000);
    await near.send(text('late'));
    assert.deepEqual(await all(far), []);
  });

  it('breaks in both directions', async () => {
    const { near, far } = webSocketPipe(() => 0);
    near.close(1006);
    assert.deepEqual(await Promise.all([all(near), all(far)]), [[], []]);
    assert.equal((await far.closed).code, 1006);
  });

  it('keeps nobody who reads no more from letting the other go on', async () => {
    const { near, far, leaveFar } = webSocketPipe(() => 0);
    const sent = near.send(text('unread'));
    leaveFar();
    await sent;
    await near.send(text('unread too'));
    near.close(1000);
    assert.equal((await far.closed).code, 1000);
  });

  it('takes who stops to read in the middle for one who reads no more', async () => {
    const { near, far } = webSocketPipe(() => 0);
    const sent = [near.send(text('a')), near.send(text('b'))];
    for await (const { data } of far.messages) if (data.toString() === 'a') break;
    await Promise.all(sent);
  });
});
