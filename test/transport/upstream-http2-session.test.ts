import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Http2Session } from '../../src/transport/upstream-http2-session';
import { data, FRAME, frame, FrameOrigin, goaway, headers, words } from '../support/frame-origin';
import { contentOf, RawOrigin, send } from '../support/raw-origin';

const OK = [[':status', '200']] as const;
const MAX_CONCURRENT_STREAMS = 3;
const setting = (id: number, value: number) => Buffer.concat([Buffer.from([0, id]), words(value)]);

describe('an HTTP/2 connection to upstream', () => {
  let origin: { stop(): Promise<void> } | undefined;
  afterEach(() => origin?.stop());

  const begin = async (port: number, patience = 1000) => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return Http2Session.begin(socket, 'a:1', patience, {
      headerBlock: 65_536,
      idle: 1000,
      upstreamConnect: 1000,
    });
  };

  it('stands when the other side has sent its settings, and has room for as many streams as these say', async () => {
    const server = await FrameOrigin.start(() => {}, setting(MAX_CONCURRENT_STREAMS, 2));
    origin = server;
    const session = await begin(server.port);
    assert.equal(session.hasRoom, true);
    session.book();
    session.book();
    assert.equal(session.hasRoom, false);
    session.release(false);
    assert.equal(session.hasRoom, true);
    session.release(true);
    assert.equal(session.hasRoom, false, 'what was silent may be dead');
    await session.close();
    assert.equal(session.isGone, true);
  });

  it('does not come to stand with a server that speaks something else, nothing, or allows no streams', async () => {
    const server = await RawOrigin.always('HTTP/1.1 400 Bad Request\r\n\r\n');
    origin = server;
    await assert.rejects(begin(server.port));
    await server.stop();
    const silent = await RawOrigin.start(() => {});
    origin = silent;
    await assert.rejects(begin(silent.port, 50), /^Error: it said nothing$/);
    await silent.stop();
    const dead = connect(1, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => dead.once('close', resolve));
    await assert.rejects(
      Http2Session.begin(dead, 'a:1', 1000, { headerBlock: 65_536, idle: 1000, upstreamConnect: 1000 }),
      {
        code: 'ECONNREFUSED',
      },
    );
    const full = await FrameOrigin.start(() => {}, setting(MAX_CONCURRENT_STREAMS, 0));
    origin = full;
    await assert.rejects(
      begin(full.port),
      /^UpstreamError: a:1 allows no requests on its HTTP\/2 connections$/,
    );
  });

  it('takes no further stream after a farewell, but finishes those that were begun', async () => {
    const server = await FrameOrigin.start((socket, id, connection) => {
      if (connection === 0) socket.write(goaway(id, 0));
      socket.write(Buffer.concat([headers(id, OK), data(id, String(connection), true)]));
    });
    origin = server;
    const upstream = server.client();
    for (const expected of ['0', '1', '1'])
      assert.equal(await contentOf(await send(upstream, server.request())), expected);
  });

  for (const [name, noise] of [
    ['PING', frame(FRAME.ping, 0, 0, 'pingping')],
    ['SETTINGS', frame(FRAME.settings, 0, 0)],
    ['empty DATA', data(1, '')],
    ['WINDOW_UPDATE', frame(FRAME.window, 0, 0, words(1))],
    ['unknown frames', frame(0xf0, 0, 0, 'x')],
    ['frames for closed streams', frame(FRAME.reset, 0, 1, words(8))],
  ] as const) {
    it(`ends within its time when ${name} comes without end, and others are served`, async () => {
      const server = await FrameOrigin.start((socket, id, connection) => {
        if (connection > 0 || id > 1)
          return void socket.write(Buffer.concat([headers(id, OK), data(id, 'ok', true)]));
        socket.write(headers(id, OK));
        const flood = Buffer.concat(Array.from({ length: 2000 }, () => noise));
        const timer = setInterval(() => socket.writableLength < 1_000_000 && socket.write(flood), 5);
        socket.once('close', () => clearInterval(timer));
      });
      origin = server;
      const upstream = server.client({ upstreamResponse: 200 });
      await assert.rejects(send(upstream, server.request()).then(contentOf), /^UpstreamError: 127/);
      assert.equal(await contentOf(await send(upstream, server.request())), 'ok');
      await upstream.close();
    });
  }
});
