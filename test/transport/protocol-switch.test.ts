import assert from 'node:assert/strict';
import { once } from 'node:events';
import { serveWebSocket } from '../../src/core/verdict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { Http1Switch, watchForLeaving } from '../../src/transport/protocol-switch';
import { FrameReader } from '../support/frames';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

async function stage(headers: Record<string, string>) {
  const { ours, theirs } = await socketPair();
  const heads: string[] = [];
  const client = new Http1Switch(HttpRequest.to('http://chat.example/', { headers }), {
    limits: { webSocketMessage: 1024, webSocketClose: 1_000 },
    now: () => 1,
    stopping: new AbortController().signal,
    detach: () => ours,
    gone: () => {},
  });
  theirs.once('data', (chunk: Buffer) => heads.push(chunk.toString('latin1')));
  return { client, ours, theirs, heads };
}

describe('Http1Switch', () => {
  afterEach(closeSocketPairs);

  it('sends the 101 of a WebSocket with its reason and headers, and gives the client', async () => {
    const { client, theirs } = await stage({ upgrade: 'websocket', 'sec-websocket-key': KEY });
    const first = once(theirs, 'data');
    let headSent = false;
    const response = new HttpResponse({
      status: 101,
      reason: 'Go',
      headers: { 'Sec-WebSocket-Protocol': 'chat' },
    });
    const peer = await client.toWebSocket(response, () => (headSent = true));
    assert.ok(headSent);
    assert.equal(
      String((await first)[0]),
      'HTTP/1.1 101 Go\r\nSec-WebSocket-Protocol: chat\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
    const reader = new FrameReader(theirs);
    await peer.send({ opcode: 1, data: Buffer.from('hi') });
    assert.deepEqual(await reader.until(1), ['1 hi']);
  });

  it('refuses a client that asks for no WebSocket, before anything is sent', async () => {
    const { client, heads } = await stage({ upgrade: 'websocket' });
    const { response } = serveWebSocket(() => Promise.resolve());
    await assert.rejects(
      client.toWebSocket(response, () => assert.fail()),
      { status: 400 },
    );
    assert.deepEqual(heads, []);
  });

  it('sends the 101 of another protocol', async () => {
    const { client, theirs } = await stage({ upgrade: 'foo, bar' });
    const first = once(theirs, 'data');
    const headers = { upgrade: 'bar', 'x-more': '1', 'content-length': '0' };
    await client.toRaw(new HttpResponse({ status: 101, headers }), () => {});
    assert.equal(
      String((await first)[0]),
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: bar\r\nx-more: 1\r\nConnection: Upgrade\r\n\r\n',
    );
  });
});

describe('watchForLeaving', () => {
  afterEach(closeSocketPairs);

  it('cuts off a client that hangs up', async () => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const { ours, theirs } = await socketPair();
      watchForLeaving(ours);
      const closed = new Promise((resolve) => ours.once('close', resolve));
      theirs[leave]();
      await closed;
    }
  });

  it('leaves what comes early to be read', async () => {
    const { ours, theirs } = await socketPair();
    const rest = watchForLeaving(ours);
    theirs.write('early');
    while (ours.readableLength < 5) await new Promise(setImmediate);
    rest();
    const [chunk] = (await once(ours, 'data')) as [Buffer];
    assert.equal(chunk.toString(), 'early');
  });
});
