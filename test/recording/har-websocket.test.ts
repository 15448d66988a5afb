import assert from 'node:assert/strict';
import { readWebSocket, writeWebSocket } from '../../src/recording/har-websocket';

describe('WebSocket messages of a HAR', () => {
  it('are text as it is, anything else base64', () => {
    const messages = [
      { from: 'client' as const, time: 1500, opcode: 1, data: Buffer.from('hé') },
      { from: 'server' as const, time: 1500.5, opcode: 2, data: Buffer.from([0, 255]) },
      { from: 'server' as const, time: 0, opcode: 1, data: Buffer.from([255]) },
    ];
    const written = writeWebSocket(messages);
    assert.deepEqual(written, [
      { type: 'send', time: 1.5, opcode: 1, data: 'hé' },
      { type: 'receive', time: 1.5005, opcode: 2, data: 'AP8=' },
      { type: 'receive', time: 0, opcode: 1, data: '/w==', encoding: 'base64' },
    ]);
    assert.deepEqual(readWebSocket({ _webSocketMessages: written }, 101), messages);
  });

  it('are there, if none, for a handshake only', () => {
    assert.deepEqual(readWebSocket({}, 101), []);
    assert.deepEqual(readWebSocket({ _resourceType: 'websocket' }, 0), []);
    assert.equal(readWebSocket({}, 200), undefined);
  });
});
