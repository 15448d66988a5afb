import assert from 'node:assert/strict';
import { isWebSocketMessage } from '../../src/core/web-socket';

describe('isWebSocketMessage', () => {
  const message = { from: 'client', opcode: 1, data: Buffer.from('x'), time: 1 };

  it('takes messages, changed ones too', () => {
    assert.ok(isWebSocketMessage(message));
    assert.ok(isWebSocketMessage({ ...message, from: 'server', opcode: 2, dropped: true }));
  });

  it('takes nothing else', () => {
    for (const other of [
      null,
      'x',
      {},
      { ...message, data: 'x' },
      { ...message, opcode: 8 },
      { ...message, from: 'me' },
    ])
      assert.ok(!isWebSocketMessage(other));
  });
});
