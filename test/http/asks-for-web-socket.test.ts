import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { asksForWebSocket } from '../../src/http/asks-for-web-socket';

describe('asksForWebSocket', () => {
  const asks = (upgrade: string | string[], method = 'GET') =>
    asksForWebSocket({ method, headers: new HttpHeaders({ Upgrade: upgrade }) });

  it('sees it in any case, among other protocols, and on another line', () => {
    for (const upgrade of [
      'websocket',
      'WebSocket',
      'h2c, websocket',
      'websocket ,h2c',
      ['h2c', 'websocket'],
    ])
      assert.ok(asks(upgrade), String(upgrade));
  });

  it('is not fooled by what only looks like it', () => {
    for (const upgrade of ['', 'websockets', 'x-websocket', 'websocket/13', []])
      assert.ok(!asks(upgrade), String(upgrade));
    assert.ok(!asks('websocket', 'POST'));
  });
});
