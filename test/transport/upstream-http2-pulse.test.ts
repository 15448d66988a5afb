import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { data, FRAME, frame, FrameOrigin, headers } from '../support/frame-origin';
import { contentOf, send } from '../support/raw-origin';

const OK = [[':status', '200']] as const;

describe('an HTTP/2 connection to upstream that has gone deaf', () => {
  let origin: FrameOrigin;
  afterEach(() => origin.stop());

  for (const [what, breakRules] of [
    ['DATA on no stream', (socket: Socket) => socket.write(data(0, 'x'))],
    ['a frame too long', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    ['a frame too long, and hangs up', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
  ] as const) {
    it(`is given up when the other side sends ${what}: its exchanges fail, streams too, and others are served`, async () => {
      origin = await FrameOrigin.start((socket, id, connection) => {
        if (connection > 0) socket.write(Buffer.concat([headers(id, OK), data(id, 'fine', true)]));
        else if (id === 1) socket.write(Buffer.concat([headers(id, OK), data(id, 'first', true)]));
        else breakRules(socket);
      });
      const upstream = origin.client({ upstreamConnect: 200 });
      assert.equal(await contentOf(await send(upstream, origin.request())), 'first');
      const request = origin.request({
        method: 'POST',
        headers: { 'content-type': 'application/grpc' },
        body: 'x',
      });
      // Node 22 and later tell of it at once, in words of their own.
      await assert.rejects(send(upstream, request), /^UpstreamError: \S+ sent what is no HTTP\/2/);
      assert.equal(await contentOf(await send(upstream, origin.request())), 'fine');
    });
  }

  it('is none whose server is slow, but keeps its side of the connection', async () => {
    origin = await FrameOrigin.start((socket, id) => {
      const noise = setInterval(() => socket.write(frame(FRAME.ping, 0, 0, 'pingping')), 20);
      setTimeout(() => {
        clearInterval(noise);
        socket.write(Buffer.concat([headers(id, OK), data(id, 'late', true)]));
      }, 600);
    });
    assert.equal(
      await contentOf(await send(origin.client({ upstreamConnect: 100 }), origin.request())),
      'late',
    );
  });
});
