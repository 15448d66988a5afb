import assert from 'node:assert/strict';
import type { ServerHttp2Stream } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { Http2Origin } from '../support/http2-origin';
import { contentOf, send, until } from '../support/raw-origin';

async function* parts(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('the body of a request over HTTP/2', () => {
  let origin: Http2Origin;
  const got: { headers: Record<string, unknown>; content: string; trailers: string[] }[] = [];
  afterEach(() => origin.stop());
  beforeEach(() => got.splice(0));

  const collect = () =>
    Http2Origin.start('http', (stream, headers) => {
      const one = { headers, content: '', trailers: [] as string[] };
      stream.on('data', (chunk: Buffer) => (one.content += chunk.toString('latin1')));
      stream.on('trailers', (_trailers: unknown, _flags: number, raw: string[]) => (one.trailers = raw));
      stream.on('end', () => {
        got.push(one);
        stream.respond({ ':status': 200 });
        stream.end('ok');
      });
    });

  it('arrives whole, of one piece or of many, with its length if that is known', async () => {
    origin = await collect();
    const upstream = origin.client();
    const big = 'x'.repeat(300_000);
    for (const [body, headers] of [
      [big, {}],
      [Body.stream(parts('ab', '', 'c')), { 'Content-Length': '3' }],
      [Body.stream(parts('ab', 'cd')), {}],
      [Body.stream(parts()), {}],
    ] as const)
      await contentOf(await send(upstream, origin.request({ method: 'POST', body, headers })));
    assert.deepEqual(
      got.map(({ content, headers }) => [content.length, headers['content-length']]),
      [
        [300_000, '300000'],
        [3, '3'],
        [4, undefined],
        [0, undefined],
      ],
    );
  });

  it('leaves out trailers that HTTP/2 does not have, and joins those that Node does not send twice', async () => {
    origin = await collect();
    const trailers = new HttpHeaders([
      ['Keep-Alive', 'timeout=5'],
      ['HTTP2-Settings', 'AAMAAABk'],
      ['ETag', '"a"'],
      ['etag', '"b"'],
    ]);
    await contentOf(await send(origin.client(), origin.request({ method: 'POST', body: 'a', trailers })));
    assert.deepEqual(
      got.map(({ content, trailers: raw }) => [content, ...raw]),
      [['a', 'etag', '"a", "b"']],
    );
  });

  it('is followed by its trailers, also by those that are not known before its end', async () => {
    origin = await collect();
    const upstream = origin.client();
    const trailers = new HttpHeaders([
      ['X-Sum', '1'],
      ['Host', 'evil'],
      ['x-sum', '2'],
    ]);
    await contentOf(await send(upstream, origin.request({ method: 'POST', body: 'a', trailers })));
    await contentOf(await send(upstream, origin.request({ method: 'POST', trailers })));
    const late = origin.request({ method: 'POST' });
    late.body = Body.stream(
      (async function* () {
        yield* parts('b');
        late.trailers.append('X-Late', '3');
      })(),
    );
    await contentOf(await send(upstream, late));
    assert.deepEqual(
      got.map(({ content, trailers: raw }) => [content, ...raw]),
      [
        ['a', 'x-sum', '1', 'x-sum', '2'],
        ['', 'x-sum', '1', 'x-sum', '2'],
        ['b', 'x-late', '3'],
      ],
    );
  });

  it('that is not as long as announced, or breaks off, resets the stream', async () => {
    const codes: (number | undefined)[] = [];
    let begun = 0;
    origin = await Http2Origin.start('http', (stream) => {
      begun += 1;
      stream.resume().on('close', () => codes.push(stream.rstCode));
    });
    const upstream = origin.client();
    const headers = { 'Content-Length': '3' };
    const arrived = async function* (count: number, ...then: string[]) {
      yield* parts('ab');
      // A reset before the head has left would leave nothing to be reset.
      await until(() => begun === count);
      yield* parts(...then);
    };
    for (const body of [Body.stream(arrived(1)), Body.stream(arrived(2, 'cd'))]) {
      await assert.rejects(
        send(upstream, origin.request({ method: 'POST', headers, body })),
        /its body is not as long as its Content-Length says$/,
      );
    }
    const broken = async function* () {
      yield* arrived(3);
      throw new Error('the client broke off');
    };
    await assert.rejects(
      send(upstream, origin.request({ method: 'POST', body: Body.stream(broken()) })),
      /broke off: the client broke off$/,
    );
    await until(() => codes.length === 3);
    assert.deepEqual(codes, [8, 8, 8]);
  });

  it('is read no faster than it is taken', async () => {
    let stream: ServerHttp2Stream | undefined;
    origin = await Http2Origin.start('http', (its) => void (stream = its.pause()));
    let read = 0;
    const total = 64 * 1024 * 1024;
    const body = async function* () {
      const chunk = Buffer.alloc(64 * 1024);
      for (; read < total; read += chunk.length) yield chunk;
    };
    const sent = send(origin.client(), origin.request({ method: 'POST', body: Body.stream(body()) }));
    let stalledAt = -1;
    await until(() => stream !== undefined);
    while (stalledAt !== read) {
      stalledAt = read;
      await delay(100);
    }
    assert.ok(stalledAt < 8 * 1024 * 1024, `${stalledAt} bytes`);
    let size = 0;
    stream!
      .on('data', (chunk: Buffer) => (size += chunk.length))
      .resume()
      .on('end', () => {
        stream!.respond({ ':status': 204 });
        stream!.end();
      });
    await contentOf(await sent);
    assert.equal(size, total);
  });

  it('waits for 100 when its client does, and is not asked for when the answer comes without it', async () => {
    const begun: boolean[] = [];
    const expecting = () => {
      const at = begun.push(false) - 1;
      const body = async function* () {
        begun[at] = true;
        yield* parts('ab');
      };
      const headers = { Expect: '100-continue' };
      return origin.request({ method: 'PUT', headers, body: Body.stream(body()) });
    };
    origin = await Http2Origin.start('http', () => {});
    const { server } = origin;
    server.removeAllListeners('stream');
    server.on('checkContinue', (request, response) => {
      if (begun.length > 1) return void response.writeHead(417).end('no');
      assert.equal(begun[0], false);
      response.writeContinue();
      request.resume().on('end', () => response.end('ok'));
    });
    server.on('request', () => {});
    const upstream = origin.client();
    assert.equal(await contentOf(await send(upstream, expecting())), 'ok');
    const refused = await send(upstream, expecting());
    assert.deepEqual([refused.status, await contentOf(refused)], [417, 'no']);
    assert.deepEqual(begun, [true, false]);
  });

  it('is let go of when the answer comes before its end', async () => {
    let left = false;
    origin = await Http2Origin.start('http', (stream) => {
      stream.respond({ ':status': 413 });
      stream.end('enough');
    });
    const body = async function* () {
      try {
        for (;;) {
          yield Buffer.from('more');
          await delay(1);
        }
      } finally {
        left = true;
      }
    };
    const response = await send(
      origin.client(),
      origin.request({ method: 'POST', body: Body.stream(body()) }),
    );
    assert.deepEqual([response.status, await contentOf(response)], [413, 'enough']);
    await until(() => left);
  });
});
