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
    assert.deepEqual(readWebSocket({ _webSocketMessages: written }, 101), { webSocket: messages });
  });

  it('keep what an addon did to them', () => {
    const messages = [
      { from: 'client' as const, time: 0, opcode: 1, data: Buffer.from('a'), dropped: true },
      { from: 'server' as const, time: 0, opcode: 1, data: Buffer.from('b'), injected: true },
    ];
    assert.deepEqual(
      readWebSocket({ _webSocketMessages: writeWebSocket(messages) }, 101).webSocket,
      messages,
    );
  });

  it('are there, if none, for a handshake that was accepted, or not answered', () => {
    assert.deepEqual(readWebSocket({}, 101), { webSocket: [] });
    assert.deepEqual(readWebSocket({}, 101, ' WebSocket '), { webSocket: [] });
    assert.deepEqual(readWebSocket({ _resourceType: 'websocket' }, 0), { webSocket: [] });
    assert.deepEqual(readWebSocket({ _resourceType: 'websocket' }, 403), {}, 'refused');
    assert.deepEqual(readWebSocket({}, 101, 'h2c'), {}, 'another protocol');
    assert.deepEqual(readWebSocket({}, 200), {});
    assert.deepEqual(readWebSocket({ _webSocketMessages: [] }, 204), {}, 'some tools give a list to all');
  });

  it('are read in the words of several tools', () => {
    const of = (message: object) => readWebSocket({ _webSocketMessages: [message] }, 101).webSocket;
    const [one] = of({ type: 'sent', time: 1, data: 'x' })!;
    assert.deepEqual(one, { from: 'client', time: 1000, opcode: 1, data: Buffer.from('x') });
    assert.equal(of({ type: 'received', data: 'x' })![0]!.from, 'server');
    assert.deepEqual(of({ type: 'receive', opcode: 2, data: '\xff\x00' })![0]!.data, Buffer.from([255, 0]));
    assert.deepEqual(of({ type: 'receive', opcode: 9, data: '' }), [], 'a ping is no message');
    for (const bad of [
      { type: 'error', data: 'x' },
      { type: 'constructor', data: 'x' },
      { type: 'send', data: 1 },
    ])
      assert.deepEqual(of(bad), []);
  });
});

describe('the end of a WebSocket in a HAR', () => {
  const close = { from: 'client', code: 4000, reason: 'bye', time: 12 };

  it('stands beside, since HAR has no place for it', () => {
    assert.deepEqual(readWebSocket({ _replay: { webSocketClose: close } }, 101).webSocketClose, close);
    const { time: _time, ...timeless } = close;
    assert.deepEqual(readWebSocket({ _replay: { webSocketClose: timeless } }, 101).webSocketClose, timeless);
  });

  it('is read from a closing frame where a tool has kept it', () => {
    const frame = (data: string) => ({ _webSocketMessages: [{ type: 'receive', time: 2, opcode: 8, data }] });
    assert.deepEqual(readWebSocket(frame('A+hieWU='), 101), {
      webSocket: [],
      webSocketClose: { from: 'server', code: 1000, reason: 'bye', time: 2000 },
    });
    assert.equal(readWebSocket(frame(''), 101).webSocketClose?.code, 1005);
  });

  for (const bad of [{ code: 999 }, { code: 5000 }, { code: 'x' }, { code: 1000.5 }, { from: 'proxy' }])
    it(`is not believed when it is ${JSON.stringify(bad)}`, () =>
      assert.equal(
        readWebSocket({ _replay: { webSocketClose: { ...close, ...bad } } }, 101).webSocketClose,
        undefined,
      ));
});
