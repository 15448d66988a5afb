import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { HttpResponse } from '../../src/http/response';
import { abortOf, closeTransports, startTransport } from '../support/transport';

const CLOSE = 'Connection: close\r\n\r\n';
const get = (path: string, end = '\r\n') =>
  `GET http://a.example${path} HTTP/1.1\r\nHost: a.example\r\n${end}`;

describe('requests on a connection', () => {
  afterEach(closeTransports);

  it('are exchanged in absolute-form', async () => {
    const { say } = await startTransport();
    const answer = await say(get('/a?b', CLOSE));
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nGET http:\/\/a\.example\/a\?b\n$/);
  });

  it('see the target and headers as they were sent', async () => {
    const { say, seen } = await startTransport();
    await say(
      `GET HTTP://A.example//x/../y HTTP/1.1\r\nhOST: A.example\r\nX-a:  1 \r\nx-A: \xe9\r\n${CLOSE}`,
    );
    assert.equal(seen[0]?.request.path, '//x/../y');
    assert.deepEqual(seen[0].request.headers.toRaw(), [
      'hOST', 'A.example', 'X-a', '1', 'x-A', '\xe9', 'Connection', 'close',
    ]); // prettier-ignore
  });

  it('are told when they take a proxy for a server', async () => {
    const { say } = await startTransport({ handlers: { originHint: () => 'https://shop.example' } });
    const answer = await say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 [^]*connection: close[^]*--reverse https:\/\/shop\.example\n$/);
  });

  it('by HEAD are refused without content, whatever is wrong', async () => {
    const { say } = await startTransport();
    for (const wrong of ['Content-Length: 00\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n']) {
      const answer = await say(`HEAD http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${wrong}`);
      assert.match(answer, /^HTTP\/1\.1 400 [^]*\r\nconnection: close\r\n\r\n$/);
    }
  });

  it('go to the one server in reverse mode', async () => {
    const reverse = { scheme: 'https', host: 'up.example', port: 443 } as const;
    const { say, seen } = await startTransport({ options: { reverse } });
    assert.match(await say(`GET /p HTTP/1.1\r\nHost: me\r\n${CLOSE}`), /GET https:\/\/up\.example\/p\n$/);
    assert.equal(seen[0]?.request.headers.get('host'), 'up.example');
    assert.match(await say('GET /p HTTP/1.0\r\n\r\n'), /GET https:\/\/up\.example\/p\n$/);
  });

  it('wait for the ones before them, and are answered in order', async () => {
    const running: string[] = [];
    const { say } = await startTransport({
      exchange: async ({ path }) => {
        running.push(`+${path}`);
        await new Promise(setImmediate);
        running.push(`-${path}`);
        return new HttpResponse({ body: `<${path}>` });
      },
    });
    const answer = await say(get('/1') + get('/2') + get('/3', CLOSE));
    assert.deepEqual(answer.match(/<.*?>/g), ['</1>', '</2>', '</3>']);
    assert.deepEqual(running, ['+/1', '-/1', '+/2', '-/2', '+/3', '-/3']);
  });

  it('are all answered, however many come at once', async () => {
    const { say } = await startTransport({
      exchange: () => Promise.resolve(new HttpResponse({ body: '.' })),
    });
    const answer = await say(get('/').repeat(5_000) + get('/', CLOSE));
    assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 5_001);
  });

  it('are not read without end while one of them is not answered', async () => {
    const { open } = await startTransport({ exchange: (_, client) => abortOf(client.signal) });
    const client = await open();
    for (let i = 0; i < 20; i += 1) client.send(get('/').repeat(20_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(client.socket.writableLength > 10_000_000, 'most of 20 MB were read');
  });

  it('that are killed leave the responses before them whole', async () => {
    const { say } = await startTransport({
      exchange: (request, client) => {
        if (request.path === '/2') client.kill();
        return Promise.resolve(request.path === '/2' ? undefined : new HttpResponse({ body: request.path }));
      },
    });
    const answer = await say(get('/1') + get('/2') + get('/3'));
    assert.equal(answer, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/1');
  });

  it('are followed by what is no request: that is refused after them', async () => {
    const { say } = await startTransport();
    const answer = await say(`${get('/1')}no request\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 [^]*example\/1\nHTTP\/1\.1 400 [^]*this is no HTTP\/1 request/);
  });

  it('stay HTTP/1 when they ask for HTTP/2', async () => {
    const { open, seen } = await startTransport();
    const h2c = (await open()).send(get('/', 'Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n'));
    await h2c.until(/200 OK/);
    h2c.close();
    assert.equal(seen.length, 1);
  });

  it('are refused for expectations other than 100-continue', async () => {
    const { say } = await startTransport();
    assert.match(await say(get('/', 'Expect: magic\r\n\r\n')), /^HTTP\/1\.1 417 /);
  });

  it('wait until the proxy serves', async () => {
    const { open, transport, seen } = await startTransport({ serve: false });
    const client = (await open()).send(get('/', CLOSE));
    await (await open()).send('x').end();
    assert.equal(seen.length, 0);
    transport.serve();
    assert.match(await client.end(), /^HTTP\/1\.1 200 /);
  });

  it('are left unread while many wait for their turn, and answered in order in the end', async () => {
    let parsed = 0;
    const count = () => void (parsed += 1);
    let letGo: () => void = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const { open } = await startTransport({
      exchange: async ({ path }) => {
        await gate;
        return HttpResponse.text(200, path);
      },
    });
    subscribe('http.server.request.start', count);
    try {
      const all = Array.from({ length: 6_000 }, (_, i) => get(`/${i}`));
      const client = (await open()).send(all.join(''));
      let [before, still] = [0, 0];
      while (parsed === 0 || still < 100) {
        still = parsed === before ? still + 1 : 0;
        before = parsed;
        await new Promise(setImmediate);
      }
      assert.ok(parsed < 4_000, `${parsed} were read`);
      letGo();
      const answers = await client.until(/\n\/5999\n$/);
      const paths = [...answers.matchAll(/^\/(\d+)$/gm)].map(([, path]) => Number(path));
      assert.deepEqual(paths, [...all.keys()]);
    } finally {
      unsubscribe('http.server.request.start', count);
    }
  });
});
