import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Body } from '../../src/http/body';
import { HttpRequest, type HttpRequestInit } from '../../src/http/request';
import { Permission } from '../../src/transport/permission';
import { isUnexpected, writeRequest } from '../../src/transport/request-writer';
import { outgoingRequest } from '../../src/transport/upstream-request';

async function* parts(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

const stream = (...texts: string[]) => Body.stream(parts(...texts));
const outgoing = (init: Partial<HttpRequestInit>) =>
  outgoingRequest(
    new HttpRequest({ scheme: 'http', host: 'a', port: 80, path: '/a', method: 'PUT', ...init }),
  );
const ours = (end: string) => `PUT /a HTTP/1.1\r\nHost: a\r\n${end}`;

describe('writeRequest', () => {
  let server: Server;
  let socket: Socket;
  let other: Socket;
  let arrived: string;

  beforeEach(async () => {
    arrived = '';
    server = createServer((from) => {
      other = from.on('error', () => {}).on('data', (bytes) => (arrived += bytes.toString('latin1')));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  /** What arrives of a request. */
  async function written(init: Partial<HttpRequestInit>, permission?: Permission): Promise<string> {
    await writeRequest(socket, outgoing(init), 'a:80', permission);
    socket.end();
    await once(other, 'end');
    return arrived;
  }

  it('says of methods that have content that there is none', async () => {
    assert.equal(await written({}), ours('Content-Length: 0\r\n\r\n'));
  });

  it('says nothing of it for others', async () => {
    assert.equal(await written({ method: 'GET' }), 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n');
  });

  it('writes content that is there, short or long, with its length', async () => {
    const [short, long] = ['ab', 'x'.repeat(100_000)];
    await writeRequest(socket, outgoing({ body: short }), 'a:80');
    const second = await written({ body: long });
    assert.equal(
      second,
      ours(`Content-Length: 2\r\n\r\n${short}`) + ours(`Content-Length: 100000\r\n\r\n${long}`),
    );
  });

  it('writes a stream in chunks, or with the length that it was announced with', async () => {
    await writeRequest(socket, outgoing({ body: stream('a', '', 'b') }), 'a:80');
    const headers = { Host: 'a', 'Content-Length': '2' };
    assert.equal(
      await written({ headers, body: stream('a', 'b') }),
      ours('Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n') +
        ours('Content-Length: 2\r\n\r\nab'),
    );
  });

  it('adds the trailers to the last chunk, and makes one for content of nothing', async () => {
    const trailers = { 'X-Sum': '7', 'Content-Length': '9' };
    const expected = (content: string) =>
      ours(`Transfer-Encoding: chunked\r\n\r\n${content}0\r\nX-Sum: 7\r\n\r\n`);
    await writeRequest(socket, outgoing({ trailers, body: 'ab' }), 'a:80');
    await writeRequest(socket, outgoing({ trailers, body: stream() }), 'a:80');
    assert.equal(await written({ trailers }), expected('2\r\nab\r\n') + expected('') + expected(''));
  });

  it('sends the head ahead of content that waits, and the content once it may', async () => {
    const permission = new Permission();
    const writing = written(
      { headers: { Host: 'a', Expect: '100-continue' }, body: stream('a') },
      permission,
    );
    const head = ours('Transfer-Encoding: chunked\r\n\r\n').replace('\r\n', '\r\n');
    while (!arrived.endsWith('\r\n\r\n')) await new Promise((resolve) => setTimeout(resolve, 2));
    assert.ok(!arrived.includes('1\r\na'));
    permission.give();
    assert.equal((await writing).replace('Expect: 100-continue\r\n', ''), `${head}1\r\na\r\n0\r\n\r\n`);
  });

  it('sends nothing more once the socket has closed', async () => {
    const permission = new Permission();
    const writing = writeRequest(socket, outgoing({ body: stream('a') }), 'a:80', permission);
    socket.destroy();
    await writing;
  });

  it('rejects when the content is not as long as announced, or breaks off', async () => {
    const put = (...texts: string[]) =>
      writeRequest(socket, outgoing({ headers: { 'Content-Length': '2' }, body: stream(...texts) }), 'a:80');
    for (const texts of [['a'], ['a', 'bc'], []])
      await assert.rejects(async () => put(...texts), /^UpstreamError: a:80 did not get the request/);
    async function* broken() {
      yield Buffer.from('a');
      throw new Error('gone');
    }
    await assert.rejects(
      async () => writeRequest(socket, outgoing({ body: Body.stream(broken()) }), 'a:80'),
      /gone/,
    );
  });

  it('is as slow as the other side reads', async () => {
    other.pause();
    const piece = 'x'.repeat(1_000_000);
    let asked = 0;
    async function* endless() {
      for (; asked < 50; asked++) yield Buffer.from(piece);
    }
    const writing = writeRequest(socket, outgoing({ body: Body.stream(endless()) }), 'a:80');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(asked < 50);
    other.resume();
    await writing;
    assert.equal(asked, 50);
  });
});

describe('isUnexpected', () => {
  it('is true of content where servers expect none', () => {
    const of = (method: string, body: string) => isUnexpected(outgoing({ method, body }));
    assert.deepEqual([of('GET', 'x'), of('GET', ''), of('POST', 'x')], [true, false, false]);
  });
});
