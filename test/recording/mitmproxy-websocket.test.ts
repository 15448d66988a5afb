import assert from 'node:assert/strict';
import { webSocketFrom, webSocketState } from '../../src/recording/mitmproxy-websocket';
import { encodeTnetstring, type TnetValue } from '../../src/recording/tnetstring';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';
import { bytes } from '../support/dumps';

const read = (state: TnetValue) => {
  const cursor = new TnetCursor(encodeTnetstring(state));
  cursor.next();
  return webSocketFrom(cursor.inner());
};

describe('a WebSocket of a dump', () => {
  const messages = [
    { from: 'client' as const, time: 1500, opcode: 1, data: bytes('hi'), dropped: true },
    { from: 'server' as const, time: 2500.125, opcode: 2, data: bytes('\x00'), injected: true },
  ];

  it('is read as it was written', () => {
    const close = { from: 'client' as const, code: 4000, reason: 'tschüss', time: 3000 };
    assert.deepEqual(read(webSocketState(messages, close)), { webSocket: messages, webSocketClose: close });
    assert.deepEqual(read(webSocketState(messages, undefined)), { webSocket: messages });
    const timeless = { from: 'server' as const, code: 1005, reason: '' };
    assert.deepEqual(read(webSocketState([], timeless)), { webSocket: [], webSocketClose: timeless });
  });

  it('says before version 12 who closed it in other words, and nothing of what addons did', () => {
    const old = {
      messages: [[1, false, 'x', 1, false]],
      close_sender: 'client',
      close_code: 1001,
      close_reason: 'x',
    };
    assert.deepEqual(read(old), {
      webSocket: [{ from: 'server', time: 1000, opcode: 1, data: bytes('x') }],
      webSocketClose: { from: 'client', code: 1001, reason: 'x' },
    });
    assert.equal(read({ ...old, close_sender: 'server' }).webSocketClose?.from, 'server');
  });

  it('is refused when it is malformed', () => {
    assert.throws(() => read({ messages: [['x']] }), /holds what is no message/);
    assert.throws(() => read({}), /websocket\.messages is missing/);
    assert.throws(() => read({ messages: [], close_code: 'x' }), /close_code is no number/);
  });
});
