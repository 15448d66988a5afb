import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip, constants } from 'node:zlib';
import { openRecording, Recorder } from 'replay-proxy';
import { closeHttp2Clients, openHttp2 } from '../support/http2-client';
import type { RawClient } from '../support/raw-client';
import { listening, type TestServer } from '../support/test-server';
import { replayAddons, startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

const EVENTS = 2_000;
const event = (i: number) => `id: ${i}\ndata: {"choices":[{"delta":{"content":"w${i} "}}]}\n\n`;
const turn = () => new Promise(setImmediate);

/** The chunks of a chunked response as they are on the wire, without their sizes. */
function chunksOf(received: string): string[] {
  const body = received.slice(received.indexOf('\r\n\r\n') + 4);
  const chunks: string[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = lineEnd < 0 ? NaN : Number.parseInt(body.slice(at, lineEnd), 16);
    if (!(size > 0) || body.length < lineEnd + 2 + size) return chunks;
    chunks.push(body.slice(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + size + 4;
  }
}

describe('streams over the wire', () => {
  let origin: TestServer;
  let folder: string;

  before(async () => {
    origin = await listening(
      http.createServer((request, response) => {
        void serve(request.url!, response);
      }),
    );
  });
  after(() => origin.stop());
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(stopProxies);

  async function serve(path: string, response: http.ServerResponse): Promise<void> {
    const isGzip = path.startsWith('/gzip');
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      ...(isGzip && { 'content-encoding': 'gzip' }),
    });
    if (path === '/llm') {
      for (let i = 0; i < EVENTS; i += 1) {
        response.write(event(i));
        await turn();
      }
    } else if (path === '/slow') {
      for (let i = 0; i < 3; i += 1) {
        response.write(event(i));
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    } else if (isGzip) {
      const gzip = createGzip();
      gzip.on('data', (piece: Buffer) => response.write(piece));
      for (let i = 0; i < 5; i += 1) {
        gzip.write(event(i));
        await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      gzip.end();
      await new Promise((resolve) => gzip.once('end', resolve));
    } else {
      // Open until the client leaves.
      response.write(event(0));
      await turn();
      response.write(event(1));
      return;
    }
    response.end();
  }

  const get = (client: RawClient, url: string, ...lines: string[]) =>
    client.send([`GET ${url} HTTP/1.1`, `Host: ${new URL(url).host}`, ...lines, '', ''].join('\r\n'));

  /** What a client gets, to the end of the stream. */
  async function stream(proxy: WireProxy, path: string, ...lines: string[]): Promise<string> {
    const client = get(await proxy.open(), `${origin.url}${path}`, ...lines);
    const received = await client.until(/\r\n0\r\n\r\n$/);
    client.close();
    return received;
  }

  /** Records what `use` does, and gives the file. */
  async function recorded(name: string, use: (proxy: WireProxy) => Promise<void>): Promise<string> {
    const to = join(folder, name);
    const proxy = await startProxy([new Recorder({ to })]);
    await use(proxy);
    await proxy.proxy.stop();
    return to;
  }

  for (const name of ['llm.har', 'llm.mitm']) {
    it(`replays ${EVENTS} events each in its own chunk, from ${name}`, async () => {
      let live: string[] = [];
      const from = await recorded(name, async (proxy) => {
        live = chunksOf(await stream(proxy, '/llm'));
      });
      assert.equal(live.join(''), Array.from({ length: EVENTS }, (_, i) => event(i)).join(''));
      const replay = await startProxy(replayAddons([from]));
      const replayed = chunksOf(await stream(replay, '/llm'));
      assert.deepEqual(replayed, live);
      assert.ok(live.length >= EVENTS / 2, `${live.length} chunks`);
      assert.equal(replay.flows[0]?.outcome, 'replayed');
    });
  }

  it('replays with the recorded gaps at speed 1, and events without times one by one', async () => {
    const from = await recorded('slow.har', async (proxy) => void (await stream(proxy, '/slow')));
    const replay = await startProxy(replayAddons([from], { speed: 1 }));
    const start = performance.now();
    await stream(replay, '/slow');
    assert.ok(performance.now() - start >= 110, 'gaps of 60 ms');
    await replay.proxy.stop();

    const byHand = join(folder, 'by-hand.har');
    const har = JSON.parse(readFileSync(from, 'utf8')) as { log: { entries: { _replay: object }[] } };
    har.log.entries[0]!._replay = {};
    writeFileSync(byHand, JSON.stringify(har));
    const plain = await startProxy(replayAddons([byHand], { speed: 1 }));
    assert.deepEqual(chunksOf(await stream(plain, '/slow')), [event(0), event(1), event(2)]);
  });

  it('keeps the chunks of a coded stream, and sends its events one by one to a client that takes no coding', async () => {
    let live: string[] = [];
    const from = await recorded('gzip.har', async (proxy) => {
      live = chunksOf(await stream(proxy, '/gzip', 'Accept-Encoding: gzip'));
    });
    assert.ok(live.length >= 5);
    const replay = await startProxy(replayAddons([from], { reuse: 'hold' }));
    assert.deepEqual(chunksOf(await stream(replay, '/gzip', 'Accept-Encoding: gzip')), live);
    const decoded = chunksOf(await stream(replay, '/gzip', 'Accept-Encoding: identity'));
    assert.deepEqual(decoded, [0, 1, 2, 3, 4].map(event));
  });

  for (const how of ['the client left', 'the proxy stopped'] as const) {
    it(`replays an endless stream as far as it came before ${how}, and then stays open`, async () => {
      const from = await recorded('open.har', async (proxy) => {
        const client = get(await proxy.open(), `${origin.url}/open`);
        await client.until(/w1 /);
        if (how === 'the proxy stopped') return;
        client.close();
        while (proxy.flows.length === 0) await turn();
      });
      const replay = await startProxy(replayAddons([from]));
      const client = get(await replay.open(), `${origin.url}/open`);
      await client.until(/w1 /);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.deepEqual(chunksOf(client.received), [event(0), event(1)]);
      assert.equal(client.ended, false);
      assert.equal(replay.flows.length, 0);
      client.close();
      while (replay.flows.length === 0) await turn();
      assert.equal(replay.flows[0]?.outcome, 'aborted');
    });
  }

  it('replays each event in a DATA frame of its own over HTTP/2', async () => {
    const from = await recorded('h2.har', async (proxy) => void (await stream(proxy, '/llm')));
    const replay = await startProxy(replayAddons([from]), { mode: { reverse: origin.url } });
    const session = await openHttp2({ host: '127.0.0.1', port: replay.port });
    try {
      const frames: string[] = [];
      const request = session.request({ ':path': '/llm' });
      request.on('data', (chunk: Buffer) => frames.push(String(chunk)));
      await once(request, 'close');
      const { flows, close } = await openRecording(from);
      const expected = [...flows[0]!.response!.body.cut(flows[0]!.chunks!.lengths)].map(String);
      close();
      assert.deepEqual(frames, expected);
    } finally {
      closeHttp2Clients();
    }
  });
});
