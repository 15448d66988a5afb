import assert from 'node:assert/strict';
import { join } from 'node:path';
import { FlowLog, openRecording, type RecordedFlow, Recorder } from 'replay-proxy';
import { echo, stopWebSockets, throughTunnel, WebSocketOrigin } from '../support/web-sockets';
import { startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

const FILES = ['chat.har', 'chat.mitm'];

/** What was said, and how it ended, in a few words. */
function told({ webSocket, webSocketClose: close, error, incomplete }: RecordedFlow): string[] {
  return [
    ...(webSocket ?? []).map(
      ({ from, opcode, data, injected, dropped }) =>
        `${from} ${opcode} ${data.toString()}${injected ? ' injected' : ''}${dropped ? ' dropped' : ''}`,
    ),
    ...(close ? [`${close.from} closes ${close.code} ${close.reason}`.trim()] : []),
    ...(error ? [error] : []),
    ...(incomplete ? ['incomplete'] : []),
  ];
}

async function recorded(file: string): Promise<RecordedFlow[]> {
  const recording = await openRecording(file);
  return [...recording.flows];
}

async function complete({ flows }: WireProxy): Promise<void> {
  while (flows.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('the recording of a WebSocket', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  for (const file of FILES) {
    it(`has handshake, messages and goodbye in ${file}, before the client sees the end`, async () => {
      const to = join(temporaryFolder(), file);
      const origin = await WebSocketOrigin.start((socket) =>
        socket.on('message', (data: Buffer, isBinary) => {
          socket.send(data, { binary: isBinary });
          if (data.toString() === 'end') socket.close(4000, 'enough');
        }),
      );
      const proxy = await startProxy([new Recorder({ to })]);
      const client = await (await throughTunnel(proxy, origin, '/chat', ['v1'])).opened();
      for (const data of ['grüß dich', Buffer.from('bytes'), 'end']) {
        client.socket.send(data);
        await client.got(client.messages.length + 1);
      }
      assert.equal(await client.closed(), '4000 enough');
      const [flow, ...others] = await recorded(to);
      assert.deepEqual(others, []);
      assert.deepEqual(told(flow!), [
        'client 1 grüß dich',
        'server 1 grüß dich',
        'client 2 bytes',
        'server 2 bytes',
        'client 1 end',
        'server 1 end',
        'server closes 4000 enough',
      ]);
      assert.equal(flow!.request.url, `${origin.url}/chat`);
      assert.equal(flow!.request.headers.get('sec-websocket-protocol'), 'v1');
      assert.deepEqual(
        [flow!.response?.status, flow!.response?.headers.get('sec-websocket-protocol')],
        [101, 'v1'],
      );
      const times = flow!.webSocket!.map(({ time }) => time);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
      assert.ok(Math.abs(times[0]! - Date.now()) < 60_000);
    });
  }

  it('has messages as they were sent, and marks those that addons drop or make up', async () => {
    const to = join(temporaryFolder(), 'edited.har');
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([new Recorder({ to })]);
    proxy.proxy.hooks.webSocketMessage.tap('Edit', (message, { webSocket }) => {
      if (message.injected) return;
      if (message.data.toString() === 'drop') {
        webSocket?.send('client', 'dropped it');
        return { ...message, dropped: true };
      }
      return { ...message, data: Buffer.from('changed') };
    });
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.send('drop');
    await client.got(1);
    client.socket.send('plain');
    assert.deepEqual(await client.got(2), ['dropped it', 'changed']);
    client.socket.close(1000);
    await client.closed();
    assert.deepEqual(told((await recorded(to))[0]!), [
      'client 1 drop dropped',
      'server 1 dropped it injected',
      'client 1 plain',
      'server 1 changed',
      'client closes 1000',
    ]);
  });

  it('loses nothing when a side breaks off, a hook throws, or the proxy stops', async () => {
    const ends: Record<
      string,
      [end: (it: { origin: WebSocketOrigin; proxy: WireProxy; leave: () => void }) => unknown, told: string[]]
    > = {
      client: [({ leave }) => leave(), ['client closes 1006']],
      server: [({ origin }) => origin.sockets[0]!.terminate(), ['server closes 1006']],
      stop: [({ proxy }) => proxy.proxy.stop(), []],
      hook: [({ origin }) => origin.sockets[0]!.send('bad'), ['server 1 bad']],
    };
    for (const [name, [end, last]] of Object.entries(ends)) {
      const to = join(temporaryFolder(), 'broken.har');
      const origin = await WebSocketOrigin.start(echo);
      const proxy = await startProxy([new Recorder({ to })]);
      proxy.proxy.hooks.webSocketMessage.tap('Bad', ({ data }) => {
        if (data.toString() === 'bad') throw new Error('no good');
      });
      const client = await (await throughTunnel(proxy, origin)).opened();
      client.socket.send('hello');
      await client.got(1);
      await end({ origin, proxy, leave: () => client.socket.terminate() });
      await client.closed();
      await complete(proxy);
      await proxy.proxy.stop();
      const flows = await recorded(to);
      assert.deepEqual(
        told(flows[0]!).slice(0, 2 + last.length),
        ['client 1 hello', 'server 1 hello', ...last],
        name,
      );
      assert.equal(flows.length, 1, name);
    }
  });

  it('ends with 1011 for the client when it cannot be written', async () => {
    const to = join(temporaryFolder(), 'refused.har');
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([new Recorder({ to })]);
    Recorder.hooks(proxy.proxy).capture.tap('Bad', () => {
      throw new Error('not this one');
    });
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.close(1000);
    assert.match(await client.closed(), /^1011/);
    await complete(proxy);
    assert.equal(proxy.flows[0]?.outcome, 'failed');
    assert.deepEqual(await recorded(to), []);
  });

  it('is cut, and says so, when messages become too much', async () => {
    const to = join(temporaryFolder(), 'long.har');
    const warnings: string[] = [];
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([
      new Recorder({ to, longest: 1_000, heldBody: 100, warn: (line) => warnings.push(line) }),
    ]);
    const client = await (await throughTunnel(proxy, origin)).opened();
    for (let count = 1; count <= 10; count += 1) {
      client.socket.send('x'.repeat(90));
      await client.got(count);
    }
    client.socket.close(1000);
    await client.closed();
    const [flow] = await recorded(to);
    assert.equal(flow?.webSocket?.length, 6);
    assert.deepEqual(told(flow!).slice(-2), ['client closes 1000', 'incomplete']);
    assert.deepEqual(warnings, [
      `a WebSocket of ${origin.url} has become too long: what comes now is not recorded`,
    ]);
  });
});

describe('the log line of a WebSocket', () => {
  afterEach(async () => {
    stopWebSockets();
    await stopProxies();
  });

  it('comes at its end, with the number of messages', async () => {
    const lines: string[] = [];
    const origin = await WebSocketOrigin.start(echo);
    const proxy = await startProxy([new FlowLog({ write: (line) => lines.push(line), colours: false })]);
    const client = await (await throughTunnel(proxy, origin)).opened();
    client.socket.send('hello');
    await client.got(1);
    assert.deepEqual(lines, []);
    client.socket.close(1000);
    await client.closed();
    await complete(proxy);
    assert.match(lines[0]!, /^[\d:]{8} GET http:\/\/127\.0\.0\.1:\d+\/ 101 2 messages \d+ ms forwarded$/);
  });
});
