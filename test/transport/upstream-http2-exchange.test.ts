import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { InterimResponse } from '../../src/core/ends';
import { statusOf } from '../../src/errors';
import { Body } from '../../src/http/body';
import {
  data,
  END_STREAM,
  FRAME,
  frame,
  FrameOrigin,
  goaway,
  headers,
  reset,
  words,
} from '../support/frame-origin';
import { contentOf, linesOf, send, until } from '../support/raw-origin';

const CANCEL = 8;
const OK = [[':status', '200']] as const;

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => assert.fail('a response came'),
    (error: Error) => error,
  );

describe('an exchange over HTTP/2', () => {
  let origin: FrameOrigin;
  afterEach(() => origin.stop());

  const always = async (...frames: ((stream: number) => Buffer)[]) => {
    origin = await FrameOrigin.start((socket, stream) => {
      socket.write(Buffer.concat(frames.map((one) => one(stream))));
    });
  };

  it('hands over the response as it came: header lines, content, trailers, times', async () => {
    await always(
      (id) =>
        headers(id, [...OK, ['set-cookie', 'a=1'], ['x-b', 'caf\xe9'], ['set-cookie', 'b=2'], ['x-b', '']]),
      (id) => data(id, 'ab'),
      (id) => data(id, 'c'),
      (id) =>
        headers(
          id,
          [
            ['x-sum', '7'],
            ['x-sum', '8'],
          ],
          true,
        ),
    );
    const response = await send(origin.client(), origin.request());
    assert.deepEqual([response.status, response.reason, response.httpVersion], [200, '', '2.0']);
    assert.deepEqual(linesOf(response.headers), [
      'set-cookie: a=1',
      'x-b: caf\xe9',
      'set-cookie: b=2',
      'x-b: ',
    ]);
    assert.equal(await contentOf(response), 'abc');
    assert.deepEqual(linesOf(response.trailers), ['x-sum: 7', 'x-sum: 8']);
    assert.ok(response.startedAt > 0 && response.endedAt! >= response.startedAt);
  });

  it('passes interim responses on, but for 100', async () => {
    await always(
      (id) => headers(id, [[':status', '100']]),
      (id) =>
        headers(id, [
          [':status', '103'],
          ['link', '</a>'],
        ]),
      (id) => headers(id, [[':status', '204']], true),
    );
    const informed: InterimResponse[] = [];
    const response = await send(origin.client(), origin.request(), { informed });
    assert.equal(response.status, 204);
    assert.equal(await contentOf(response), '');
    assert.deepEqual(
      informed.map(({ status, headers: lines }) => [status, ...linesOf(lines)]),
      [[103, 'link: </a>']],
    );
  });

  it('gives up on interim responses without end', async () => {
    await always((id) => Buffer.concat(Array.from({ length: 101 }, () => headers(id, [[':status', '102']]))));
    assert.match(
      (await failure(send(origin.client(), origin.request()))).message,
      /sent more than 100 interim responses$/,
    );
  });

  for (const [name, code] of [
    ['NO_ERROR', 0],
    ['CANCEL', CANCEL],
    ['INTERNAL_ERROR', 2],
    ['REFUSED_STREAM', 7],
  ] as const) {
    it(`takes a reset with ${name} in mid-body for no end, and one before the head for no response`, async () => {
      await always(
        (id) => headers(id, OK),
        (id) => data(id, 'half'),
        (id) => reset(id, code),
      );
      const response = await send(origin.client(), origin.request());
      await assert.rejects(contentOf(response), /ended the stream|reset the stream|refused the request/);
      assert.equal(response.endedAt, undefined);
      await origin.stop();
      await always((id) => reset(id, code));
      const error = await failure(send(origin.client(), origin.request({ method: 'POST', body: 'x' })));
      assert.equal(statusOf(error), 502);
      assert.match(error.message, new RegExp(`^${origin.where} .+${name}`));
    });
  }

  it('takes a reset after the end for nothing', async () => {
    await always(
      (id) => headers(id, OK),
      (id) => data(id, 'whole', true),
      (id) => reset(id, 0),
    );
    const upstream = origin.client();
    for (let i = 0; i < 3; i++)
      assert.equal(await contentOf(await send(upstream, origin.request())), 'whole');
    assert.equal(origin.sockets.length, 1);
  });

  for (const [name, ...frames] of [
    ['less content than announced', headers(1, [...OK, ['content-length', '9']]), data(1, 'short', true)],
    ['more content than announced', headers(1, [...OK, ['content-length', '2']]), data(1, 'long', true)],
    ['content after 204', headers(1, [[':status', '204']]), data(1, 'content', true)],
    ['a connection that ends in mid-body', headers(1, OK), data(1, 'half'), 'end'],
    ['a frame that is too large', headers(1, OK), frame(FRAME.data, 0, 1, Buffer.alloc(2 ** 14 + 1))],
    ['trailers without an end', headers(1, OK), headers(1, [['x', 'y']])],
    ['content for a stream that never was', headers(1, OK), data(7, 'evil')],
  ] as const) {
    it(`cuts off ${name}`, async () => {
      origin = await FrameOrigin.start((socket) => {
        for (const one of frames) {
          if (one === 'end') socket.end();
          else socket.write(one);
        }
      });
      const upstream = origin.client({ upstreamResponse: 100 });
      const error = await failure(send(upstream, origin.request()).then(contentOf));
      assert.ok(error.message.startsWith(origin.where), error.message);
    });
  }

  for (const [name, lines] of [
    ['no status', [['x', 'y']]],
    ['two statuses', [...OK, [':status', '200']]],
    ['a status that is none', [[':status', 'abc']]],
    ['101', [[':status', '101']]],
    ['a connection field', [...OK, ['connection', 'close']]],
    ['a name in upper case', [...OK, ['X-Upper', '1']]],
    ['lengths that contradict', [...OK, ['content-length', '1'], ['content-length', '2']]],
    ['a negative length', [...OK, ['content-length', '-1']]],
    [
      'a header block that is too large',
      [...OK, ...Array.from({ length: 3 }, () => ['x', 'y'.repeat(30_000)] as const)],
    ],
    ['more lines than fit', [...OK, ...Array.from({ length: 3000 }, () => ['x', 'y'] as const)]],
  ] as const) {
    it(`refuses a response with ${name}, and the connection lives or dies without harm`, async () => {
      origin = await FrameOrigin.start((socket, stream) => {
        const block = headers(stream, lines, true).subarray(9);
        for (let at = 0; at < block.length; at += 16_000) {
          const isLast = at + 16_000 >= block.length;
          const flags = (at === 0 ? END_STREAM : 0) | (isLast ? 4 : 0);
          socket.write(
            frame(
              at === 0 ? FRAME.headers : FRAME.continuation,
              flags,
              stream,
              block.subarray(at, at + 16_000),
            ),
          );
        }
      });
      const error = await failure(send(origin.client(), origin.request()));
      assert.equal(statusOf(error), 502);
      assert.ok(error.message.startsWith(origin.where), error.message);
    });
  }

  it('lets no line break in a value through', async () => {
    await always((id) => headers(id, [...OK, ['x', 'a\r\nb: c'], ['y', 'z']], true));
    assert.deepEqual(linesOf((await send(origin.client(), origin.request())).headers), ['y: z']);
  });

  it('sends a request again that was refused or fell behind a farewell, once, and only if nothing of its body is lost', async () => {
    for (const refusal of [
      (socket: Socket, id: number) => socket.write(reset(id, 7)),
      (socket: Socket, id: number) => socket.write(goaway(id - 1, 0)),
      (socket: Socket, id: number) => socket.write(goaway(id - 1, 11)),
    ]) {
      let asked = 0;
      origin = await FrameOrigin.start((socket, id) => {
        asked += 1;
        if (asked === 1) refusal(socket, id);
        else socket.write(Buffer.concat([headers(id, OK), data(id, 'ok', true)]));
      });
      const upstream = origin.client();
      const request = origin.request({ method: 'POST', body: 'again' });
      assert.equal(await contentOf(await send(upstream, request)), 'ok');
      assert.equal(origin.sockets.length, 2);
      asked = 0;
      const body = Body.stream(parts('once'));
      await assert.rejects(send(upstream, origin.request({ method: 'POST', body })));
      assert.equal(asked, 1);
      await origin.stop();
    }
    await always((id) => reset(id, 7));
    const error = await failure(send(origin.client(), origin.request()));
    assert.match(error.message, /refused the request, and did nothing with it \(REFUSED_STREAM\)$/);
    assert.equal(origin.seen.filter(({ type }) => type === FRAME.headers).length, 2);
  });

  it('sends a safe request again when a kept connection closes unanswered, and no other', async () => {
    origin = await FrameOrigin.start((socket, id, connection) => {
      if (id === 1) socket.write(Buffer.concat([headers(id, OK), data(id, String(connection), true)]));
      else socket.end();
    });
    const upstream = origin.client();
    const ask = async (method: string) => contentOf(await send(upstream, origin.request({ method })));
    assert.equal(await ask('GET'), '0');
    assert.equal(await ask('GET'), '1');
    const error = await failure(ask('DELETE'));
    assert.match(error.message, /closed the connection before it sent a response$/);
    assert.equal(origin.sockets.length, 2);
  });

  it('resets the stream when the client leaves, when the body is let go, and when upstream is silent', async () => {
    origin = await FrameOrigin.start((socket, id) => {
      if (id !== 5) socket.write(Buffer.concat([headers(id, OK), data(id, 'begun')]));
    });
    const upstream = origin.client({ upstreamResponse: 60 });
    const left = new AbortController();
    const first = await send(upstream, origin.request(), { signal: left.signal });
    left.abort();
    await assert.rejects(contentOf(first), /was left, because the client has gone$/);
    const second = await send(upstream, origin.request());
    second.body.cancel();
    const silent = await failure(send(upstream, origin.request()));
    assert.match(silent.message, /sent no response within 0.06 s$/);
    assert.equal(statusOf(silent), 504);
    const gap = await failure(send(upstream, origin.request()).then(contentOf));
    assert.match(gap.message, /sent nothing for 0.06 s after 5 bytes/);
    await until(() => origin.seen.filter(({ type }) => type === FRAME.reset).length === 4);
    for (const { type, payload } of origin.seen)
      if (type === FRAME.reset) assert.deepEqual(payload, words(CANCEL));
    // What was silent may be dead.
    assert.equal(origin.sockets.length, 2);
  });

  it('reads no more of a long response than a stalled reader leaves room for', async () => {
    let socket!: Socket;
    origin = await FrameOrigin.start((its, id) => {
      socket = its;
      its.write(headers(id, OK));
    });
    const response = await send(origin.client(), origin.request());
    const windows = () => origin.seen.filter(({ type, stream }) => type === FRAME.window && stream === 1);
    // Until the window that it was given is full.
    for (let sent = 0; sent < 1024 * 1024; sent += 16_384) socket.write(data(1, Buffer.alloc(16_384)));
    socket.write(frame(FRAME.ping, 0, 0, 'pingping'));
    await until(() => origin.seen.some(({ type }) => type === FRAME.ping));
    const granted = windows().reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0);
    assert.ok(granted < 512 * 1024, `${granted} bytes were granted to a reader that does not read`);
    let size = 0;
    for await (const chunk of response.body.chunks()) {
      size += chunk.length;
      if (size !== 1024 * 1024) continue;
      await until(() => windows().length > 0);
      socket.write(data(1, 'end', true));
    }
    assert.equal(size, 1024 * 1024 + 3);
  });
});

async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
