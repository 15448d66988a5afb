import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { InterimResponse } from '../../src/core/ends';
import { Body } from '../../src/http/body';
import { contentOf, linesOf, RawOrigin, send, until } from '../support/raw-origin';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('upstream', () => {
  let origin: RawOrigin;
  afterEach(() => origin.stop());

  it('sends the header block as it came, with Host and Content-Length where they stood', async () => {
    origin = await RawOrigin.start((socket) => socket.write(OK));
    const headers: [string, string][] = [
      ['aCCept', '*/*'],
      ['HOST', 'other.example'],
      ['content-LENGTH', '4'],
      ['X-Two', '1'],
      ['x-two', '\xe92'],
    ];
    const request = origin.request({ method: 'POST', path: '//a/%zz', headers, body: 'four' });
    assert.equal(await contentOf(await send(origin.client(), request)), 'ok');
    assert.equal(
      origin.received[0],
      'POST //a/%zz HTTP/1.1\r\naCCept: */*\r\nHOST: other.example\r\ncontent-LENGTH: 4\r\nX-Two: 1\r\nx-two: \xe92\r\n\r\nfour',
    );
  });

  it('sends OPTIONS * and a GET without content as they are', async () => {
    origin = await RawOrigin.always(OK);
    const upstream = origin.client();
    const headers = { Host: 'a' };
    await contentOf(await send(upstream, origin.request({ method: 'OPTIONS', path: '*', headers })));
    await contentOf(await send(upstream, origin.request({ headers })));
    assert.deepEqual(origin.received, [
      'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    ]);
  });

  it('sends a stream with its length', async () => {
    origin = await RawOrigin.start((socket, soFar) => soFar.endsWith('abcd') && socket.write(OK));
    const headers = { 'Content-Length': '4', Host: 'a' };
    const body = Body.stream(parts('ab', 'cd'));
    await contentOf(await send(origin.client(), origin.request({ method: 'PUT', headers, body })));
    assert.equal(origin.received[0], 'PUT / HTTP/1.1\r\nContent-Length: 4\r\nHost: a\r\n\r\nabcd');
  });

  it('sends a stream of unknown length in chunks', async () => {
    origin = await RawOrigin.start((socket, soFar) => soFar.endsWith('0\r\n\r\n') && socket.write(OK));
    const body = Body.stream(parts('ab', 'cde'));
    await contentOf(
      await send(origin.client(), origin.request({ method: 'PUT', headers: { Host: 'a' }, body })),
    );
    assert.equal(
      origin.received[0],
      'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n',
    );
  });

  it('sends trailers behind content of any kind, and behind none', async () => {
    const end = '0\r\nX-Sum: 6\r\nx-sum: 7\r\n\r\n';
    origin = await RawOrigin.start((socket, soFar) => {
      if (soFar.endsWith('0\r\n\r\n') || soFar.endsWith(end)) socket.write(OK);
    });
    const upstream = origin.client();
    for (const body of [Body.from('abc'), Body.stream(parts('abc')), Body.empty, Body.stream(parts())]) {
      const trailers = [['X-Sum', '6'], ['x-sum', '7']] as const; // prettier-ignore
      const request = origin.request({ method: 'PUT', headers: { Trailer: 'X-Sum' }, body, trailers });
      assert.equal(await contentOf(await send(upstream, request)), 'ok');
    }
    const head = `PUT / HTTP/1.1\r\nHost: ${origin.where}\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n`;
    assert.equal(origin.received.join(''), `${head}3\r\nabc\r\n${end}`.repeat(2) + (head + end).repeat(2));
  });

  it('hands over the response as it came: reason, version, header lines, content, trailers, times', async () => {
    origin = await RawOrigin.always(
      'HTTP/1.1 299 Ganz gut\r\nSet-COOKIE: a=1\r\nset-cookie: b=\xe9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Sum: 7\r\nx-sum: 8\r\n\r\n',
    );
    const before = Date.now();
    const response = await send(origin.client(), origin.request());
    assert.equal(response.endedAt === undefined || response.endedAt >= response.startedAt, true);
    assert.deepEqual([response.status, response.reason, response.httpVersion], [299, 'Ganz gut', '1.1']);
    assert.deepEqual(linesOf(response.headers), [
      'Set-COOKIE: a=1',
      'set-cookie: b=\xe9',
      'Transfer-Encoding: chunked',
    ]);
    const { trailers } = response;
    assert.equal(await contentOf(response), 'abc');
    assert.deepEqual(linesOf(trailers), ['X-Sum: 7', 'x-sum: 8']);
    assert.ok(response.startedAt >= before && response.endedAt! >= response.startedAt);
  });

  it('keeps a reason phrase that is no UTF-8, also after an interim response', async () => {
    for (const reason of ['Sch\xf6n', 'Sch\xc3\xb6n']) {
      const line = `HTTP/1.1 200 ${reason}\r\nContent-Length: 0\r\n\r\n`;
      for (const bytes of [line, `HTTP/1.1 103 Fr\xfch\r\n\r\n${line}`]) {
        origin = await RawOrigin.always(bytes);
        assert.equal((await send(origin.client(), origin.request())).reason, reason);
        await origin.stop();
      }
    }
  });

  it('tells HTTP/1.0 apart, and reads its content to the end of the connection', async () => {
    origin = await RawOrigin.always('HTTP/1.0 200 OK\r\n\r\nall of it', 'end');
    const response = await send(origin.client(), origin.request());
    assert.equal(response.httpVersion, '1.0');
    assert.equal(await contentOf(response), 'all of it');
  });

  it('passes interim responses on', async () => {
    origin = await RawOrigin.always(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nlink: </b>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}`,
    );
    const informed: InterimResponse[] = [];
    const response = await send(origin.client(), origin.request(), { informed });
    assert.deepEqual(
      informed.map(({ status, headers }) => [status, ...linesOf(headers)]),
      [[103, 'Link: </a>', 'link: </b>'], [102]],
    );
    assert.equal(await contentOf(response), 'ok');
  });

  it('sends the trailers of a request after its content, those of a stream when they are there', async () => {
    origin = await RawOrigin.start(
      (socket, soFar) => soFar.endsWith('\r\n\r\n') && soFar.includes('\r\n0\r\n') && socket.write(OK),
    );
    const headers = { Host: 'a', Trailer: 'X-Sum', 'Content-Length': '2' };
    const request = origin.request({ method: 'PUT', headers });
    request.body = Body.stream(
      (async function* () {
        yield* parts('ab');
        request.trailers.append('X-Sum', '7');
      })(),
    );
    const upstream = origin.client();
    await contentOf(await send(upstream, request));
    const held = origin.request({
      method: 'PUT',
      headers: { Host: 'a' },
      body: 'c',
      trailers: { 'X-Sum': '8' },
    });
    await contentOf(await send(upstream, held));
    const chunked = 'Transfer-Encoding: chunked\r\n\r\n';
    assert.equal(
      origin.received[0],
      `PUT / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\n${chunked}2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n` +
        `PUT / HTTP/1.1\r\nHost: a\r\n${chunked}1\r\nc\r\n0\r\nX-Sum: 8\r\n\r\n`,
    );
  });

  const expecting = (init: { body: Body; headers?: Record<string, string> }) =>
    origin.request({
      method: 'PUT',
      ...init,
      headers: { Host: 'a', Expect: '100-continue', ...init.headers },
    });

  for (const [name, headers, framed] of [
    ['in chunks', {}, '2\r\nab\r\n0\r\n\r\n'],
    ['of known length', { 'Content-Length': '2' }, 'ab'],
  ] as const) {
    it(`waits for 100 with content ${name} that its client has not sent yet`, async () => {
      let begun = false;
      origin = await RawOrigin.start((socket, soFar) => {
        if (soFar.endsWith(framed)) return void socket.write(OK);
        assert.equal(begun, false);
        socket.write('HTTP/1.1 100 Contin');
        setTimeout(() => socket.write('ue\r\n\r\n'), 10);
      });
      const upstream = origin.client();
      for (let i = 0; i < 2; i++) {
        begun = false;
        const body = Body.stream(
          (async function* () {
            begun = true;
            yield* parts('ab');
          })(),
        );
        assert.equal(await contentOf(await send(upstream, expecting({ body, headers }))), 'ok');
        assert.equal(begun, true);
      }
      assert.equal(origin.sockets.length, 1);
      assert.match(origin.received[0]!, /\r\nExpect: 100-continue\r\n/);
      assert.equal(origin.received[0]!.match(/PUT/g)!.length, 2);
    });
  }

  it('does not ask for content that upstream answers without', async () => {
    origin = await RawOrigin.always('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno');
    let begun = false;
    const body = Body.stream(
      (async function* () {
        begun = true;
        yield* parts('ab');
      })(),
    );
    const upstream = origin.client();
    const response = await send(upstream, expecting({ body }));
    assert.deepEqual([response.status, await contentOf(response)], [417, 'no']);
    await until(() => origin.sockets[0]!.destroyed);
    assert.equal(begun, false);
    assert.ok(origin.received[0]!.endsWith('\r\n\r\n'));
  });

  it('expects nothing for content that is here already, or of a client of HTTP/1.0', async () => {
    origin = await RawOrigin.start((socket, soFar) => soFar.endsWith('ab') && socket.write(OK));
    const upstream = origin.client();
    const headers = { Host: 'a', Expect: '100-continue', 'Content-Length': '2' };
    const old = { httpVersion: '1.0', body: Body.stream(parts('ab')) };
    for (const init of [{ body: 'ab' }, old])
      await contentOf(await send(upstream, origin.request({ method: 'PUT', headers, ...init })));
    assert.doesNotMatch(origin.received[0]!, /expect/i);
  });

  it('overlooks a 100 that nobody has asked for, and refuses 101 and interim responses without end', async () => {
    origin = await RawOrigin.always(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
    assert.equal(await contentOf(await send(origin.client(), origin.request())), 'ok');
    await origin.stop();
    origin = await RawOrigin.always('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n');
    await assert.rejects(send(origin.client(), origin.request()), /switched protocols/);
    await origin.stop();
    origin = await RawOrigin.always('HTTP/1.1 102 Processing\r\n\r\n'.repeat(101));
    await assert.rejects(send(origin.client(), origin.request()), /sent more than 100 interim responses$/);
  });

  it('keeps the length of a response to HEAD and of a 304, without content', async () => {
    origin = await RawOrigin.start((socket, soFar) =>
      socket.write(`HTTP/1.1 ${soFar.startsWith('HEAD') ? 200 : 304} X\r\nContent-Length: 9\r\n\r\n`),
    );
    const upstream = origin.client();
    for (const method of ['HEAD', 'GET']) {
      const response = await send(upstream, origin.request({ method }));
      assert.equal(response.headers.get('content-length'), '9');
      assert.equal(await contentOf(response), '');
    }
  });

  it('uses a connection again, and opens another one while it is in use', async () => {
    origin = await RawOrigin.always(OK);
    const upstream = origin.client();
    assert.deepEqual([...upstream.contacted], []);
    for (let i = 0; i < 3; i++) await contentOf(await send(upstream, origin.request()));
    assert.equal(origin.sockets.length, 1);
    await Promise.all([1, 2].map(async () => contentOf(await send(upstream, origin.request()))));
    assert.equal(origin.sockets.length, 2);
    assert.deepEqual([...upstream.contacted], [origin.where]);
  });

  for (const [status, method] of [
    ['200 OK', 'HEAD'],
    ['204 No Content', 'GET'],
    ['304 Not Modified', 'GET'],
  ] as const) {
    it(`lets no content that follows ${method} and ${status} into another response`, async () => {
      const late = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
      origin = await RawOrigin.start((socket, _soFar, connection) => {
        if (connection > 0) return void socket.write(OK);
        socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${late.length}\r\n\r\n`);
        setTimeout(() => socket.write(late), 30);
      });
      const upstream = origin.client();
      assert.equal(await contentOf(await send(upstream, origin.request({ method }))), '');
      assert.equal(await contentOf(await send(upstream, origin.request())), 'ok');
      assert.equal(origin.sockets.length, 2);
    });
  }

  it('does not use a connection again that sent more than its response', async () => {
    origin = await RawOrigin.always(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`);
    const upstream = origin.client();
    for (let i = 0; i < 2; i++) assert.equal(await contentOf(await send(upstream, origin.request())), 'ok');
    assert.equal(origin.sockets.length, 2);
  });

  it('reads no more of a long response than a stalled reader leaves room for', async () => {
    const chunk = Buffer.alloc(64 * 1024);
    const total = 64 * 1024 * 1024;
    let sent = 0;
    origin = await RawOrigin.start((socket) => {
      const more = () => {
        while (sent < total) {
          sent += chunk.length;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
      };
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      more();
    });
    const response = await send(origin.client(), origin.request());
    let stalledAt = -1;
    while (stalledAt !== sent) {
      stalledAt = sent;
      await delay(150);
    }
    assert.ok(stalledAt < 24 * 1024 * 1024, `${stalledAt} bytes`);
    let size = 0;
    for await (const part of response.body.chunks()) size += part.length;
    assert.equal(size, total);
  });

  it('ends a connection that has been idle for long enough', async () => {
    origin = await RawOrigin.always(OK);
    const upstream = origin.client({ idle: 60 });
    for (let i = 0; i < 2; i++) await contentOf(await send(upstream, origin.request()));
    await until(() => origin.sockets[0]!.destroyed);
    assert.equal(origin.sockets.length, 1);
  });

  it('closes every socket, used or free, and sends nothing from then on', async () => {
    origin = await RawOrigin.start((socket, soFar) => soFar.includes('/waits') || socket.write(OK));
    const upstream = origin.client();
    const ask = async (path: string) => contentOf(await send(upstream, origin.request({ path })));
    await Promise.all([ask('/'), ask('/')]);
    const waiting = assert.rejects(ask('/waits'), /closed|destroyed/);
    await until(() => origin.received.some((text) => text.includes('/waits')));
    await upstream.close();
    await waiting;
    await until(() => origin.sockets.every((socket) => socket.destroyed));
    assert.equal(origin.sockets.length, 2);
    await assert.rejects(ask('/'), /was not asked, because the proxy stops/);
  });
});
