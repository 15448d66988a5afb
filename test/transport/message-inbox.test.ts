import assert from 'node:assert/strict';
import { FULL, MessageInbox } from '../../src/transport/message-inbox';

const message = (text: string) => ({ opcode: 1 as const, data: Buffer.from(text), time: 7 });

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(setImmediate);
  return settled;
}

describe('MessageInbox', () => {
  it('hands over what has come and what comes, in order, to the end', async () => {
    const inbox = new MessageInbox();
    inbox.push(message('a'));
    const taken = (async () => {
      const texts: string[] = [];
      for await (const { data } of inbox.take()) texts.push(String(data));
      return texts;
    })();
    await new Promise(setImmediate);
    inbox.push(message('b'));
    inbox.push(message('c'));
    inbox.end();
    assert.deepEqual(await taken, ['a', 'b', 'c']);
  });

  it('has no room while too much waits, and again when it is taken, or over', async () => {
    const inbox = new MessageInbox();
    inbox.push(message('x'.repeat(FULL)));
    const room = inbox.room();
    assert.equal(await isSettled(room), false);
    await inbox.take().next();
    assert.equal(await isSettled(room), true);
    inbox.push(message('x'.repeat(FULL)));
    const last = inbox.room();
    inbox.end();
    assert.equal(await isSettled(last), true);
  });

  it('counts empty messages, too', async () => {
    const inbox = new MessageInbox();
    for (let i = 0; i < FULL / 64; i += 1) {
      assert.equal(await isSettled(inbox.room()), true);
      inbox.push(message(''));
    }
    assert.equal(await isSettled(inbox.room()), false);
    inbox.end();
  });
});
