import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, HttpResponse, respond } from 'replay-proxy';
import { startProxy } from '../support/wire';

const SIZE = 300_000;

describe('a client that closes behind the last byte', () => {
  it('has had its response: the flow was not aborted', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    // A file says that it has ended some time after its last byte.
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < SIZE; at += 50_000) yield Buffer.alloc(50_000, 'x');
      await closed;
    }
    const body = Body.file({ length: SIZE, read: () => Buffer.alloc(SIZE, 'x'), chunks });
    const { proxy, flows, port } = await startProxy([
      {
        name: 'Large',
        apply: ({ hooks }) =>
          hooks.request.tap('Large', () => {
            const response = new HttpResponse();
            response.body = body;
            return respond(response);
          }),
      },
    ]);
    const socket = connect(port, '127.0.0.1');
    closed = once(socket, 'close').then(() => delay(50));
    socket.write('GET http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const head = received.indexOf('\r\n\r\n');
      if (head > 0 && received.length - head - 4 === SIZE) socket.end();
    });
    await closed;
    await proxy.stop();
    assert.deepEqual(
      flows.map(({ outcome }) => outcome),
      ['answered'],
    );
  });
});
