import assert from 'node:assert/strict';
import { formatHttpDate } from 'replay-proxy';
import keepSessionAlive from '../../examples/keep-session-alive';
import { RECORDED_AT, replaying, SHIFT } from '../support/examples';

describe('example: keep a session cookie alive', () => {
  it('gives the session at least an hour after the default has moved it', async () => {
    const url = 'http://shop.example/';
    const at = (minutes: number) => formatHttpDate(RECORDED_AT + minutes * 60_000);
    const cookies = [
      `session=1; Expires=${at(5)}; Path=/`,
      `session=1; Expires=${at(300)}`,
      `other=1; Expires=${at(5)}`,
    ];
    const { ask } = await replaying(keepSessionAlive, [
      { url, answer: { headers: { 'set-cookie': cookies } } },
    ]);
    const moved = (minutes: number) => formatHttpDate(RECORDED_AT + SHIFT + minutes * 60_000);
    assert.deepEqual((await ask({ url })).client.response?.headers.getAll('set-cookie'), [
      `session=1; Expires=${moved(60)}; Path=/`,
      `session=1; Expires=${moved(300)}`,
      `other=1; Expires=${moved(5)}`,
    ]);
  });
});
