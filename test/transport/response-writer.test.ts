import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpResponse, type HttpResponseInit } from '../../src/http/response';
import { closeTransports, startTransport } from '../support/transport';

const get = (version = '1.1', method = 'GET') =>
  `${method} http://a.example/ HTTP/${version}\r\nHost: a.example\r\nConnection: close\r\n\r\n`;

/** A streamed body of these pieces; an error is thrown where it stands, a promise waited for. */
function pieces(...parts: (string | Error | Promise<unknown>)[]): Body {
  async function* chunks() {
    for (const part of parts) {
      if (part instanceof Error) throw part;
      if (typeof part === 'string') yield Buffer.from(part);
      else await part;
    }
  }
  return Body.stream(chunks());
}

describe('a response on the wire', () => {
  afterEach(closeTransports);

  async function answer(init: HttpResponseInit, request = get()): Promise<string> {
    const { say } = await startTransport({ exchange: () => Promise.resolve(new HttpResponse(init)) });
    return say(request);
  }

  it('has the headers as given and nothing of our own', async () => {
    const headers = [['x-B', '1'], ['Content-Length', '2'], ['X-b', '\xff'], ['content-disposition', 'a;b="\xe9"']] as const; // prettier-ignore
    assert.equal(
      await answer({ status: 299, reason: 'Quite all right', headers: [...headers], body: 'hi' }),
      'HTTP/1.1 299 Quite all right\r\nx-B: 1\r\nX-b: \xff\r\ncontent-disposition: a;b="\xe9"\r\n' +
        'Connection: close\r\nContent-Length: 2\r\n\r\nhi',
    );
    assert.equal(
      await answer({ reason: '', headers: [['Content-Length', '2'], ['X-b', '1']], body: 'hi' }), // prettier-ignore
      'HTTP/1.1 200 \r\nContent-Length: 2\r\nX-b: 1\r\nConnection: close\r\n\r\nhi',
    );
  });

  it('has no body for HEAD, 204 and 304', async () => {
    const headers = { 'Content-Length': '5' };
    assert.match(
      await answer({ headers }, get('1.1', 'HEAD')),
      /Content-Length: 5\r\nConnection: close\r\n\r\n$/,
    );
    assert.match(await answer({ headers, status: 304 }), /Content-Length: 5\r\nConnection: close\r\n\r\n$/);
    assert.match(
      await answer({ status: 204, body: 'x' }),
      /^HTTP\/1\.1 204 No Content\r\nConnection: close\r\n\r\n$/,
    );
  });

  it('is chunked for streams, with trailers', async () => {
    assert.match(
      await answer({
        body: pieces('abc', '', 'de'),
        headers: { Trailer: 'X-Sum' },
        trailers: { 'X-Sum': '9' },
      }),
      /Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n[^]*\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 9\r\n\r\n$/,
    );
  });

  it('ends with the connection for HTTP/1.0', async () => {
    assert.match(
      await answer({ body: pieces('abc', 'de') }, get('1.0')),
      /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n\r\nabcde$/,
    );
  });

  it('is cut without an orderly end when its body breaks off', async () => {
    const broken = new Error('upstream fell over');
    assert.match(await answer({ body: pieces('abc', broken) }), /\r\n\r\n3\r\nabc\r\n$/);
    const declared = { 'Content-Length': '5' };
    assert.match(await answer({ body: pieces('abc', broken), headers: declared }), /\r\n\r\nabc$/);
    assert.match(await answer({ body: pieces('abc'), headers: declared }), /\r\n\r\nabc$/, 'too short');
    assert.match(await answer({ body: pieces('abc', 'def'), headers: declared }), /\r\n\r\nabc$/, 'too long');
  });

  it('is cut by a reset for HTTP/1.0, where an orderly end would look whole', async () => {
    let breakOff: (error: Error) => void = () => {};
    const wait = new Promise((_, reject) => (breakOff = reject));
    const body = pieces('abc', wait);
    const { open } = await startTransport({ exchange: () => Promise.resolve(new HttpResponse({ body })) });
    const client = await open();
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.socket.once('error', resolve));
    await client.send(get('1.0')).until(/abc$/);
    breakOff(new Error('upstream fell over'));
    assert.equal((await failed).code, 'ECONNRESET');
  });

  describe('whose end is held back', () => {
    async function held(init: HttpResponseInit, seenFirst: RegExp, request = get()) {
      const order: string[] = [];
      let letGo: () => void = () => {};
      const settled = new Promise<void>((resolve) => (letGo = resolve));
      const { open } = await startTransport({
        exchange: async (_, client) =>
          client.deliver(
            new HttpResponse(init),
            () => order.push('head'),
            () => {
              order.push('asked');
              return settled;
            },
          ),
      });
      const client = (await open()).send(request);
      await client.until(seenFirst);
      while (!order.includes('asked')) await new Promise(setImmediate);
      const before = client.received;
      letGo();
      return { before, all: await client.end(), order };
    }

    it('lacks the last bytes of a stream that declares its length', async () => {
      const { before, all } = await held(
        { body: pieces('abc', 'de'), headers: { 'Content-Length': '5' } },
        /abc$/,
      );
      assert.match(before, /\r\n\r\nabc$/);
      assert.match(all, /\r\n\r\nabcde$/);
    });

    it('lacks the last chunk of one that does not', async () => {
      const { before, all } = await held({ body: pieces('abc') }, /abc\r\n$/);
      assert.match(before, /abc\r\n$/);
      assert.match(all, /abc\r\n0\r\n\r\n$/);
    });

    it('has not begun without a body', async () => {
      const { before, all, order } = await held({ status: 204 }, /^/);
      assert.equal(before, '');
      assert.match(all, /^HTTP\/1\.1 204 /);
      assert.deepEqual(order, ['asked', 'head']);
    });

    it('is cut when the promise of it is broken', async () => {
      const { say } = await startTransport({
        exchange: async (_, client) =>
          client.deliver(new HttpResponse({ body: pieces('abc') }), () => {}, () => Promise.reject(new Error('disk full'))), // prettier-ignore
      });
      assert.match(await say(get()), /\r\n\r\n3\r\nabc\r\n$/);
    });
  });

  it('is written no faster than the client reads', async () => {
    let produced = 0;
    async function* chunks() {
      for (; produced < 256; produced += 1) yield Buffer.alloc(1024 * 1024);
    }
    const { open } = await startTransport({
      exchange: () => Promise.resolve(new HttpResponse({ body: Body.stream(chunks()) })),
    });
    const client = await open();
    client.socket.pause();
    client.send(get());
    let last = -1;
    while (produced !== last) {
      last = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(produced < 32, `${produced} MiB were taken from the body while nobody read`);
    client.close();
  });
});
