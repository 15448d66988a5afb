import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type AddonInput, HttpResponse, kill, type MitmProxy, Recorder, respond } from 'replay-proxy';
import { WebSocketServer } from 'ws';
import { needs, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';

const PAGE = `<!doctype html><script>
  const seen = [];
  const socket = new WebSocket('ws://' + location.host + '/ws', ['other', 'chat']);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { seen.push(socket.protocol); socket.send('hello'); socket.send(new Uint8Array([1, 2, 255])); };
  socket.onmessage = ({ data }) => {
    seen.push(typeof data === 'string' ? data : new Uint8Array(data).join());
    if (seen.length === 5) socket.send('stop');
  };
  socket.onclose = ({ code, reason }) =>
    fetch('/report', { method: 'POST', body: [...seen, code, reason].join(' | ') });
</script>`;
const SEEN = 'chat | hello | tick 1 | 1,2,255 | tick 2 | 4001 | ended';

/** A page, and the WebSocket that it opens. */
async function site(): Promise<http.Server> {
  const server = http.createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: true, handleProtocols: () => 'chat' });
  sockets.on('connection', (socket) => {
    let count = 0;
    socket.on('message', (data: Buffer, isBinary) => {
      if (data.toString() === 'stop') return socket.close(4001, 'ended');
      socket.send(data, { binary: isBinary });
      return socket.send(`tick ${++count}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Takes what the page reports, and keeps all else that a browser asks for from leaving. */
function collector(): { addon: AddonInput; report: Promise<string> } {
  let tell = (_text: string) => {};
  const report = new Promise<string>((resolve) => (tell = resolve));
  const addon = ({ hooks }: MitmProxy) =>
    hooks.request.tap('Collect', async ({ request }) => {
      if (request.host !== '127.0.0.1') return kill();
      if (request.path !== '/report') return undefined;
      tell(await request.body.text());
      return respond(new HttpResponse({ status: 204 }));
    });
  return { addon, report };
}

/** What the page reports in a browser that uses the proxy. */
async function browse(addons: readonly AddonInput[], url: string) {
  const { addon, report } = collector();
  const running = await startProxy([addon, ...addons]);
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
  ];
  const profile = `--user-data-dir=${temporaryFolder()}`;
  const through = [`--proxy-server=${running.proxy.url}`, '--proxy-bypass-list=<-loopback>'];
  const browser = spawn('chromium', [...flags, profile, ...through, '--remote-debugging-port=0', url], {
    stdio: 'ignore',
  });
  const gone = once(browser, 'exit');
  try {
    return { ...running, report: await report };
  } finally {
    browser.kill();
    await gone;
    await running.proxy.stop();
  }
}

describe("the browser's WebSocket", function () {
  this.timeout(30_000);
  afterEach(stopProxies);

  it('is live what it is replayed', async function () {
    needs(this, 'chromium');
    const server = await site();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const to = path.join(temporaryFolder(), 'browser.har');
    try {
      assert.equal((await browse([new Recorder({ to })], url)).report, SEEN);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const { report, flows, proxy } = await browse(replayAddons([to]), url);
    assert.equal(report, SEEN);
    assert.deepEqual([...proxy.contacted], []);
    const socket = flows.find(({ recorded }) => recorded?.webSocket);
    assert.deepEqual([socket?.outcome, socket?.isMissed], ['replayed', false]);
  });
});
