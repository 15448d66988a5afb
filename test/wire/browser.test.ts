import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { Recorder } from 'replay-proxy';
import { WebSocketServer } from 'ws';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { Browser } from '../support/browser';
import { sharedAuthorityFolder } from '../support/temp';
import { needs, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';

const PAGE = `<!doctype html><title>shop</title><link rel="stylesheet" href="/style.css"><script>
const events = () => new Promise((resolve) => {
  const seen = [];
  const source = new EventSource('/events');
  source.onmessage = ({ data }) => { seen.push(data); if (seen.length === 3) { source.close(); resolve(seen); } };
});
const socket = () => new Promise((resolve, reject) => {
  const seen = [];
  const socket = new WebSocket(location.origin.replace('https', 'wss') + '/socket', 'chat');
  socket.onopen = () => socket.send('first');
  socket.onmessage = ({ data }) => { seen.push(data); if (seen.length < 3) socket.send('next'); };
  socket.onclose = ({ code, reason }) => resolve([socket.protocol, ...seen, code, reason]);
});
const items = async () => {
  const answers = await Promise.all([1, 2, 3].map((page) => fetch('/items?page=' + page).then((r) => r.json())));
  const posted = await fetch('/cart', { method: 'POST', body: JSON.stringify({ id: 7 }) });
  return [...answers, posted.status];
};
window.result = (async () => ({
  protocol: performance.getEntriesByType('navigation')[0].nextHopProtocol,
  items: await items(), events: await events(), socket: await socket(),
}))();
</script>`;

const SEEN = {
  protocol: 'h2',
  items: [{ page: '1' }, { page: '2' }, { page: '3' }, 201],
  events: ['1', '2', '3'],
  socket: ['chat', 'echo first', 'echo next', 'echo next', 4001, 'enough'],
};

describe('a browser (skipped without Chromium)', function () {
  this.timeout(60_000);
  const browsers: Browser[] = [];
  let server: Awaited<ReturnType<typeof shop>> | undefined;

  before(function () {
    needs(this, 'chromium');
  });
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close();
    await server?.stop();
    await stopProxies();
  });

  it('loads a page over HTTP/2, with events and a WebSocket, live and replayed with its server gone', async () => {
    server = await shop();
    const to = path.join(temporaryFolder(), 'shop.har');
    const url = `https://127.0.0.1:${server.port}/`;

    const recorder = await startProxy([new Recorder({ to })], { upstream: { insecure: true } });
    const live = await Browser.start(recorder.proxy.url);
    browsers.push(live);
    assert.deepEqual(await live.visit(url), SEEN);
    await live.close();
    await recorder.proxy.stop();
    await server.stop();

    const replay = await startProxy(replayAddons([to]));
    const offline = await Browser.start(replay.proxy.url);
    browsers.push(offline);
    assert.deepEqual(await offline.visit(url), SEEN);
    assert.deepEqual([...replay.proxy.contacted], []);
  });
});

/** A server of HTTP/2, and of HTTP/1.1 for its WebSocket. */
async function shop() {
  const { key, cert } = (await CertificateAuthority.open(sharedAuthorityFolder(), Date.now)).leafFor(
    '127.0.0.1',
  );
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'https://shop');
    request.resume();
    if (pathname === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    else if (pathname === '/style.css')
      response.writeHead(200, { 'content-type': 'text/css' }).end('h1 { color: red }');
    else if (pathname === '/items') response.end(JSON.stringify({ page: searchParams.get('page') }));
    else if (pathname === '/cart') response.writeHead(201).end();
    else if (pathname === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\ndata: 2\n\n');
      setImmediate(() => response.end('data: 3\n\n'));
    } else response.writeHead(404).end();
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
    webSockets.handleUpgrade(request, socket, head, (client) => {
      let count = 0;
      client.on('message', (data) => {
        client.send(`echo ${(data as Buffer).toString()}`);
        count += 1;
        if (count === 3) client.close(4001, 'enough');
      });
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, stop };
}
