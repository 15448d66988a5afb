import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import {
  HttpResponse,
  missLine,
  openRecording,
  Recorder,
  type AddonInput,
  type RecordedFlow,
} from 'replay-proxy';
import type { WebSocket } from 'ws';
import {
  RECORDINGS,
  replayAddons,
  startProxy,
  stopProxies,
  temporaryFolder,
  type WireProxy,
} from '../support/wire';
import { entry } from '../support/replay';
import { messagesOf, webSocketEntry } from '../support/web-socket-client';
import { speakOn, stopWebSockets, type WebSocketClient, WebSocketOrigin } from '../support/web-sockets';

const BINARY = Buffer.from([0, 1, 254, 255]);

/** What a client says at once, and how often it has to hear something before it leaves; undefined: the server ends it. */
interface Talk {
  readonly says: readonly (string | Buffer)[];
  readonly leaves?: { readonly after: number; readonly code: number; readonly reason: string };
}

const TALKS: Readonly<Record<string, Talk>> = {
  '/echo': {
    says: ['hi', BINARY, '', 'grüße', 'x'.repeat(70_000)],
    leaves: { after: 5, code: 4001, reason: 'tschüss' },
  },
  '/ended': { says: ['stop'] },
  '/codeless': { says: ['stop'] },
  '/broken': { says: ['stop'] },
  '/both': { says: ['a', 'b', 'c'], leaves: { after: 8, code: 1000, reason: '' } },
  '/silent': { says: [], leaves: { after: 0, code: 1000, reason: 'nothing' } },
};

/** Servers of several tempers, by path. */
function talk(socket: WebSocket, { url = '' }: IncomingMessage): void {
  const ends: Record<string, () => void> = {
    '/ended': () => socket.close(4000, 'that is all'),
    '/codeless': () => socket.close(),
    '/broken': () => socket.terminate(),
  };
  if (url === '/both') for (const text of ['1', '2', '3', '4', '5']) socket.send(text);
  socket.on('message', (data: Buffer, isBinary) => {
    if (url === '/fragments') {
      socket.send('in ', { fin: false });
      socket.send('three ', { fin: false });
      socket.send('parts', { fin: true });
    } else socket.send(data, { binary: isBinary });
    ends[url]?.();
  });
}

/** A client inside CONNECT, on a path of a server at that port. */
async function through(proxy: WireProxy, port: number, at: string): Promise<WebSocketClient> {
  return speakOn(await proxy.tunnel('127.0.0.1', port, true), `http://127.0.0.1:${port}${at}`);
}

/** All that the client got: its messages, and how it ended. */
async function held(client: WebSocketClient, { says, leaves }: Talk) {
  await client.opened();
  for (const one of says) client.socket.send(one);
  if (leaves) {
    await client.got(leaves.after);
    client.socket.close(leaves.code, leaves.reason);
  }
  return { close: await client.closed(), messages: [...client.messages] };
}

describe('a recorded WebSocket whose server is gone', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  for (const kind of ['har', 'mitm'] as const) {
    it(`is what it was, from a ${kind}`, async () => {
      const to = path.join(temporaryFolder(), `talks.${kind}`);
      const origin = await WebSocketOrigin.start(talk);
      const { port } = origin;
      const recorder = await startProxy([new Recorder({ to })]);
      const talks = {
        ...TALKS,
        '/fragments': { says: ['go'], leaves: { after: 1, code: 1000, reason: '' } },
      };
      const live: Record<string, unknown> = {};
      for (const [at, one] of Object.entries(talks))
        live[at] = await held(await through(recorder, port, at), one);
      await recorder.proxy.stop();
      origin.stop();

      const replay = await startProxy(replayAddons([to]));
      for (const [at, one] of Object.entries(talks)) {
        const replayed = await held(await through(replay, port, at), one);
        assert.deepEqual(replayed, live[at], at);
      }
      assert.deepEqual((live['/fragments'] as { messages: unknown }).messages, ['in three parts']);
      assert.match((live['/ended'] as { close: string }).close, /^4000 that is all$/);
      await replay.proxy.stop();
      assert.deepEqual(
        replay.flows.map(({ isMissed, recorded }) => [isMissed, recorded?.webSocket !== undefined]),
        Object.keys(talks).map(() => [false, true]),
      );
      assert.deepEqual([[...replay.proxy.contacted], replay.warnings], [[], []]);
    });
  }

  it('is what it was in reverse mode and over TLS', async () => {
    const folder = temporaryFolder();
    const to = path.join(folder, 'tls.har');
    const origin = await WebSocketOrigin.start(talk, { authority: path.join(folder, 'ca') });
    const options = { mode: { reverse: origin.url }, upstream: { insecure: true } };
    const recorder = await startProxy([new Recorder({ to })], options);
    const said = TALKS['/echo']!;
    const live = await held(speakOn(await recorder.open(), `${origin.url}/echo`), said);
    await recorder.proxy.stop();
    const { url } = origin;
    origin.stop();
    const replay = await startProxy(replayAddons([to]), options);
    assert.deepEqual(await held(speakOn(await replay.open(), `${url}/echo`), said), live);
    const again = await startProxy(replayAddons([to]));
    const { hostname, port } = new URL(url);
    const tunnel = speakOn(await again.tunnel(hostname, Number(port)), `${url}/echo`);
    assert.deepEqual(await held(tunnel, said), live, 'a regular proxy, too');
  });

  const fixture = { says: ['hi', Buffer.from([0, 1])], leaves: { after: 2, code: 1000, reason: 'bye' } };
  for (const name of ['reverse-ws-v17.mitm', 'reverse-ws-v21.mitm']) {
    it(`is what a client of another proxy got: ${name}`, async () => {
      const replay = await startProxy(replayAddons([path.join(RECORDINGS, 'mitmproxy', name)]));
      const { messages, close } = await held(await through(replay, 47020, '/ws?x=1'), fixture);
      assert.deepEqual(messages, ['echo hi', Buffer.from('echo \x00\x01')]);
      assert.equal(close, '1000 bye');
    });
  }

  for (const name of ['dumpfile-7-websocket.mitm', 'websocket.mitm', 'websocket.har']) {
    it(`is what others have recorded: ${name}`, async function () {
      const file = path.resolve(RECORDINGS, '../../../../shared/recordings/peers/mitmproxy', name);
      if (!existsSync(file)) {
        console.log(`      skipped: ${name} is not beside the project`);
        return this.skip();
      }
      const recording = await openRecording(file);
      recording.close();
      const replay = await startProxy(replayAddons([file]));
      for (const { request, webSocket } of recording.flows) {
        if (!webSocket) continue;
        const of = (side: string) =>
          webSocket.filter(({ from }) => from === side).map(({ data }) => String(data));
        const { host, port, path: at, scheme } = request;
        const connection = await replay.tunnel(host, port, scheme === 'http');
        const client = speakOn(connection, `http://${new URL(request.url).host}${at}`);
        const leaves = { after: of('server').length, code: 1000, reason: '' };
        const { messages } = await held(client, { says: of('client'), leaves });
        assert.deepEqual(messages, of('server'));
      }
      await replay.proxy.stop();
      assert.ok(replay.flows.length > 0 && replay.flows.every(({ isMissed }) => !isMissed));
    });
  }

  const URL_OF = 'http://127.0.0.1:9/chat';
  const recordedAs = (lines: string[], rest: Partial<RecordedFlow> = {}) =>
    webSocketEntry(messagesOf(...lines), rest, URL_OF);
  const replaying = (flows: RecordedFlow[], options: Parameters<typeof replayAddons>[1] = {}) =>
    startProxy(replayAddons([flows], options));
  const byServer = { webSocketClose: { from: 'server', code: 1000, reason: 'done' } } as const;

  it('ends with 1011 for a client that departs from it, which is a miss', async () => {
    const replay = await replaying([recordedAs(['> {"n":1,"id":1}', '< ok'], { number: 3 })]);
    const client = await (await through(replay, 9, '/chat')).opened();
    client.socket.send('{"n":1,"id":2}');
    const reason = 'message 1 of 1 is not the recorded one: body.id is 2, recorded 1';
    assert.equal(await client.closed(), `1011 ${reason}`);
    assert.deepEqual(client.messages, []);
    await replay.proxy.stop();
    const [flow] = replay.flows;
    assert.equal(flow?.outcome, 'replayed');
    assert.equal(missLine(flow!.miss!), `departed from #3 of shop.har: ${reason}`);
    const again = await replaying([recordedAs(['> {"n":1,"id":1}', '< ok'], byServer)], {
      ignore: ['body.id'],
    });
    const helped = await (await through(again, 9, '/chat')).opened();
    helped.socket.send('{"id":2,"n":1}');
    assert.equal(await helped.closed(), '1000 done');
    assert.deepEqual(helped.messages, ['ok']);
  });

  it('answers handshakes only, and they get nothing else', async () => {
    const replay = await replaying([recordedAs([])]);
    const client = await replay.open();
    client.send(`GET ${URL_OF} HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n`);
    assert.equal(await client.end(), '', 'killed');
    const upgraded = await through(replay, 9, '/other');
    assert.equal(await upgraded.closed(), '1006');
    const page = await replaying([entry(URL_OF, 'a page')]);
    assert.equal(await (await through(page, 9, '/chat')).closed(), '1006');
    await Promise.all([replay, page].map(({ proxy }) => proxy.stop()));
    assert.equal(page.flows[0]?.miss?.unfit[0]?.why, 'a WebSocket handshake gets a recorded WebSocket only');
    assert.deepEqual(
      replay.flows.map(({ outcome, isMissed }) => [outcome, isMissed]),
      [
        ['killed', true],
        ['killed', true],
      ],
    );
    assert.deepEqual([...replay.proxy.contacted, ...page.proxy.contacted], []);
  });

  it('that upstream has refused is refused again', async () => {
    const to = path.join(temporaryFolder(), 'refused.har');
    const origin = await WebSocketOrigin.start(talk, {
      verifyClient: (_info: unknown, answer: (ok: boolean, code: number, text: string) => void) =>
        answer(false, 403, 'members only'),
    });
    const { port } = origin;
    const status = async (proxy: WireProxy) => {
      const client = await through(proxy, port, '/');
      const response = await new Promise<IncomingMessage>((resolve) =>
        client.socket.once('unexpected-response', (_request, answer) => resolve(answer)),
      );
      const body = (await response.toArray()).join('');
      return [response.statusCode, body];
    };
    const recorder = await startProxy([new Recorder({ to })]);
    const live = await status(recorder);
    assert.deepEqual(live, [403, 'members only']);
    await recorder.proxy.stop();
    origin.stop();
    const replay = await startProxy(replayAddons([to]));
    assert.deepEqual(await status(replay), live);
    const plain = await replay.open();
    plain.send(`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    assert.equal(await plain.end(), '', 'who asks for no WebSocket gets nothing');
  });

  it('keeps the recorded gaps as far as it is told', async () => {
    const far = (speed: number) => {
      const [one, two] = messagesOf('< one', '< two');
      const entry = webSocketEntry([one!, { ...two!, time: one!.time + 60_000 }], byServer, URL_OF);
      return replaying([entry], { speed });
    };
    const took = async (speed: number) => {
      const client = await (await through(await far(speed), 9, '/chat')).opened();
      await client.got(1);
      const start = performance.now();
      assert.equal(await client.closed(), '1000 done');
      assert.deepEqual(client.messages, ['one', 'two']);
      return performance.now() - start;
    };
    await took(0);
    assert.ok((await took(200)) > 280, '60 s at 200 times the speed');
  });

  it('is opened by the recorded answer, its dates moved', async () => {
    const answer = {
      status: 101,
      startedAt: 1000,
      headers: { date: new Date(1000).toUTCString(), 'x-a': '1' },
    };
    const recorded = { ...recordedAs([], byServer), response: new HttpResponse(answer) };
    const now = Date.UTC(2031, 3, 6, 7, 8, 9);
    const client = await through(await replaying([recorded], { now }), 9, '/chat');
    await client.closed();
    const { date, 'x-a': other, upgrade } = client.response!.headers;
    assert.deepEqual([date, other, upgrade], [new Date(now).toUTCString(), '1', 'websocket']);
  });

  it('is served to each as often as it was recorded', async () => {
    const replay = await replaying([recordedAs(['< first'], byServer), recordedAs(['< second'], byServer)]);
    for (const text of ['first', 'second']) {
      const client = await through(replay, 9, '/chat');
      assert.equal(await client.closed(), '1000 done');
      assert.deepEqual(client.messages, [text]);
    }
    assert.equal(await (await through(replay, 9, '/chat')).closed(), '1006', 'used up');
  });

  it('is what it was with the addons that were there when it was recorded', async () => {
    const meddling: AddonInput = (proxy) => {
      proxy.hooks.webSocketOpen.tap('Greet', (flow) => flow.webSocket?.send('client', 'welcome'));
      proxy.hooks.webSocketMessage.tap('Meddle', (message) => {
        if (message.data.equals(Buffer.from('secret'))) return { ...message, dropped: true };
        const text = message.data.toString();
        return message.injected ? message : { ...message, data: Buffer.from(`${message.from} ${text}`) };
      });
    };
    const to = path.join(temporaryFolder(), 'addons.har');
    const origin = await WebSocketOrigin.start(talk);
    const { port } = origin;
    const said = { says: ['a', 'secret', 'b'], leaves: { after: 3, code: 1000, reason: '' } };
    const recorder = await startProxy([new Recorder({ to }), meddling]);
    const live = await held(await through(recorder, port, '/echo'), said);
    assert.deepEqual(live.messages, ['welcome', 'server client a', 'server client b']);
    await recorder.proxy.stop();
    origin.stop();
    const replay = await startProxy([...replayAddons([to]), meddling]);
    assert.deepEqual(await held(await through(replay, port, '/echo'), said), live);
    await replay.proxy.stop();
    assert.deepEqual(
      replay.flows.map(({ isMissed }) => isMissed),
      [false],
    );
  });

  it('is no miss when the proxy stops in the middle of it', async () => {
    const replay = await replaying([recordedAs(['< hi', '> never'])]);
    const client = await through(replay, 9, '/chat');
    await client.got(1);
    await replay.proxy.stop();
    assert.match(await client.closed(), /^1001/);
    assert.deepEqual(
      replay.flows.map(({ isMissed }) => isMissed),
      [false],
    );
  });

  it('is a miss when its client takes leave before it has said all', async () => {
    const replay = await replaying([recordedAs(['< hi', '> never'])]);
    const client = await through(replay, 9, '/chat');
    await client.got(1);
    client.socket.close(1000);
    await client.closed();
    await replay.proxy.stop();
    assert.equal(replay.flows[0]?.miss?.departure?.how, 'left early');
  });
});
