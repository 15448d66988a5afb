import assert from 'node:assert/strict';
import { askedForWebSocket, openingResponse } from '../../../../addons/server-replay/web-socket/handshake';
import { entry, requestOf } from '../../../support/replay';
import { HANDSHAKE, webSocketEntry } from '../../../support/web-socket-client';

const URL = 'http://shop.example/chat';

describe('a WebSocket handshake', () => {
  it('is recorded where messages are, whatever headers a tool left out', () => {
    assert.ok(askedForWebSocket(entry(URL, '', { webSocket: [] })));
    assert.ok(askedForWebSocket(entry(requestOf(URL, HANDSHAKE), 'refused')));
    assert.ok(!askedForWebSocket(entry(URL, '')));
  });

  it('is answered as recorded, without what was between other two', () => {
    const headers = {
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-accept': 'x',
      'sec-websocket-extensions': 'permessage-deflate',
      'set-cookie': 'a=1',
      'sec-websocket-protocol': 'chat',
    };
    const recorded = webSocketEntry([], {
      response: entry(URL, '', { answer: { status: 101, headers } }).response!,
    });
    const answered = (protocol?: string) =>
      openingResponse(
        recorded,
        requestOf(URL, { ...HANDSHAKE, ...(protocol && { 'sec-websocket-protocol': protocol }) }),
      ).headers.toJSON();
    const kept = [
      ['sec-websocket-extensions', 'permessage-deflate'],
      ['set-cookie', 'a=1'],
    ];
    assert.deepEqual(answered('soap, chat'), [...kept, ['sec-websocket-protocol', 'chat']]);
    assert.deepEqual(answered(), kept);
    assert.deepEqual(answered('soap'), kept);
  });

  it('is answered with 101, whatever HTTP/2 has for it', () => {
    const headers = { 'set-cookie': 'a=1' };
    const { response } = entry(URL, 'x', { answer: { status: 200, reason: 'OK', headers } });
    const {
      status,
      reason,
      headers: sent,
      body,
    } = openingResponse(webSocketEntry([], { response: response! }), requestOf(URL, HANDSHAKE));
    assert.deepEqual(
      [status, reason, sent.toJSON(), body.length],
      [101, 'Switching Protocols', [['set-cookie', 'a=1']], 0],
    );
  });

  it('is answered even where only messages were recorded', () => {
    const { response: _response, ...bare } = webSocketEntry([]);
    assert.equal(openingResponse(bare, requestOf(URL, HANDSHAKE)).status, 101);
  });
});
