import assert from 'node:assert/strict';
import { once } from 'node:events';
import { acceptOf } from '../../src/transport/web-socket-handshake';
import type { Switched } from '../../src/core/ends';
import { contentOf, RawOrigin } from '../support/raw-origin';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const SWITCHING = 'HTTP/1.1 101 Off we go\r\nConnection: Upgrade\r\n';

/** Asks an origin that answers with `bytes` for `protocol`. */
async function ask(bytes: string, headers: Record<string, string>) {
  const origin = await RawOrigin.always(bytes);
  origins.push(origin);
  let upstream: Switched | undefined;
  const send = origin.client().send(origin.request({ headers }), {
    signal: new AbortController().signal,
    inform: () => {},
    contact: () => {},
    switched: (end) => (upstream = end),
  });
  const response = await send;
  return { response, upstream, origin };
}

const origins: RawOrigin[] = [];

describe('an upstream that changes the protocol', () => {
  afterEach(() => Promise.all(origins.splice(0).map((origin) => origin.stop())));

  it('gives its WebSocket, with what it sent at once', async () => {
    const accept = `Upgrade: websocket\r\nSec-WebSocket-Accept: ${acceptOf(KEY)}\r\n\r\n`;
    const { response, upstream, origin } = await ask(`${SWITCHING}${accept}\x81\x02hi`, {
      host: 'chat.example',
      UPGRADE: 'websocket',
      'sec-websocket-KEY': KEY,
      'Sec-WebSocket-Extensions': 'foo, permessage-deflate, bar',
      Connection: 'keep-alive, Upgrade',
    });
    assert.deepEqual([response.status, response.reason], [101, 'Off we go']);
    assert.equal(
      origin.received[0],
      `GET / HTTP/1.1\r\nhost: chat.example\r\nUPGRADE: websocket\r\nsec-websocket-KEY: ${KEY}\r\n` +
        'Sec-WebSocket-Extensions: permessage-deflate\r\nConnection: Upgrade\r\n\r\n',
    );
    assert.equal(upstream?.kind, 'web-socket');
    const { value } = await upstream.peer.messages[Symbol.asyncIterator]().next();
    assert.equal(value.data.toString(), 'hi');
  });

  it('gives its connection where the protocol is another', async () => {
    const { response, upstream } = await ask(`${SWITCHING}Upgrade: FOO/1\r\n\r\nraw`, {
      upgrade: 'h2c, foo/1',
    });
    assert.equal(response.headers.get('upgrade'), 'FOO/1');
    assert.equal(upstream?.kind, 'raw');
    upstream.end.close();
  });

  it('may also answer as if it had not been asked', async () => {
    const { response, upstream } = await ask('HTTP/1.1 401 No\r\nContent-Length: 4\r\n\r\nstop', {
      upgrade: 'foo',
    });
    assert.deepEqual([response.status, upstream], [401, undefined]);
    assert.equal(await contentOf(response), 'stop');
  });

  for (const [name, bytes, headers, why] of [
    [
      'changes to another',
      `${SWITCHING}Upgrade: bar\r\n\r\n`,
      { upgrade: 'foo' },
      /protocol bar, which was not asked/,
    ],
    [
      'names none',
      `HTTP/1.1 101 X\r\n\r\n`,
      { upgrade: 'foo' },
      /switched protocols without saying to which/,
    ],
    [
      'answers no key',
      `${SWITCHING}Upgrade: websocket\r\n\r\n`,
      { upgrade: 'websocket', 'sec-websocket-key': KEY },
      /does not answer the key/,
    ],
    [
      'opens a WebSocket without a key',
      `${SWITCHING}Upgrade: websocket\r\n\r\n`,
      { upgrade: 'websocket' },
      /not asked to as RFC 6455 wants it/,
    ],
    [
      'was not asked',
      `${SWITCHING}Upgrade: foo\r\n\r\n`,
      {},
      /switched protocols, which it was not asked to/,
    ],
    [
      'was asked for HTTP/2 only',
      `${SWITCHING}Upgrade: h2c\r\n\r\n`,
      { upgrade: 'h2c' },
      /switched protocols, which it was not asked to/,
    ],
  ] as const) {
    it(`fails when it ${name}`, async () => {
      await assert.rejects(ask(bytes, headers), { code: 'ERR_UPSTREAM', message: why });
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(origins[0]!.sockets.every((socket) => socket.destroyed || socket.readableEnded));
    });
  }

  it('is left as soon as it has answered in HTTP/1.1: nobody else is to use such a connection', async () => {
    const origin = await RawOrigin.always('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno');
    origins.push(origin);
    const headers = { host: 'a', upgrade: 'foo', connection: 'upgrade' };
    const options = { signal: new AbortController().signal, inform: () => {}, contact: () => {} };
    const asked = { ...options, switched: () => assert.fail() };
    const response = await origin.client().send(origin.request({ headers }), asked);
    assert.equal(await contentOf(response), 'no');
    await once(origin.sockets[0]!, 'close');
  });

  it('is not asked by who could not change, nor for a request with content', async () => {
    const origin = await RawOrigin.always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    origins.push(origin);
    const options = { signal: new AbortController().signal, inform: () => {}, contact: () => {} };
    const headers = { host: 'a', upgrade: 'foo', connection: 'upgrade' };
    await origin.client().send(origin.request({ headers }), options);
    const asked = { ...options, switched: () => assert.fail() };
    await origin.client().send(origin.request({ headers, method: 'POST', body: 'x\r\n\r\n' }), asked);
    assert.ok(origin.received.every((bytes) => !/upgrade/i.test(bytes)));
  });
});
