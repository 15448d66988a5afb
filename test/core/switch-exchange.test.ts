import assert from 'node:assert/strict';
import type { ProtocolSwitch, RawEnd, Switched } from '../../src/core/ends';
import { exchange } from '../../src/core/exchange';
import { Flow } from '../../src/core/flow';
import { serveWebSocket, type WebSocketServing } from '../../src/core/verdict';
import type { WebSocketControl, WebSocketEnd, WebSocketPeer } from '../../src/core/web-socket';
import { webSocketPipe } from '../../src/core/web-socket-pipe';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { FakeClient, fakeCore } from '../support/exchange';

/** A peer without a socket, and the end that a test plays. */
function fakePeer() {
  const { near, far } = webSocketPipe(() => 1);
  const relayed: WebSocketPeer[] = [];
  const peer: WebSocketPeer = {
    ...near,
    relayControls: (other) => void relayed.push(other),
    control: (_kind: WebSocketControl) => {},
  };
  return { peer, far, relayed };
}

class SwitchingClient extends FakeClient {
  readonly near = fakePeer();
  readonly raw: string[] = [];
  readonly stop = new AbortController();
  readonly switching: ProtocolSwitch = {
    stopping: this.stop.signal,
    toWebSocket: async (response, onHead) => {
      this.response = response;
      onHead();
      return this.near.peer;
    },
    toRaw: async (response, onHead) => {
      this.response = response;
      onHead();
      return fakeRaw('client', this.raw);
    },
  };
}

function fakeRaw(name: string, steps: string[], joined = Promise.resolve()): RawEnd {
  return {
    join: async () => {
      steps.push(`${name} joins`);
      await joined;
    },
    close: () => void steps.push(`${name} closes`),
  };
}

async function echo(end: WebSocketEnd): Promise<void> {
  for await (const message of end.messages) await end.send(message);
}

async function sayAndRead(end: WebSocketEnd, ...texts: string[]): Promise<string[]> {
  const got: string[] = [];
  for (const text of texts) void end.send({ opcode: 1, data: Buffer.from(text) });
  for await (const { data } of end.messages) {
    got.push(data.toString());
    if (got.length === texts.length) end.close(1000);
  }
  return got;
}

function stage(upstream?: Switched) {
  const fake = fakeCore(() => new HttpResponse({ status: upstream ? 101 : 200 }));
  const send = fake.core.send;
  const core = {
    ...fake.core,
    send: ((request, options) => {
      if (upstream) options.switched?.(upstream);
      return send(request, options);
    }) as typeof send,
  };
  const request = HttpRequest.to('http://chat.example/');
  const client = new SwitchingClient(request);
  const { info, signal } = client;
  const flow = new Flow({ id: '1', request, client: info, signal, startedAt: 0 });
  return { ...fake, client, flow, over: exchange(flow, client, core) };
}

function serving(serve: WebSocketServing, verdict: Parameters<typeof serveWebSocket>[1] = {}) {
  const fake = fakeCore();
  fake.hooks.request.tap('Serve', () => serveWebSocket(serve, verdict));
  const request = HttpRequest.to('http://chat.example/');
  const client = new SwitchingClient(request);
  const { info, signal } = client;
  const flow = new Flow({ id: '1', request, client: info, signal, startedAt: 0 });
  return { ...fake, client, flow, over: exchange(flow, client, fake.core) };
}

describe('an exchange that changes to a WebSocket', () => {
  it('lets client and upstream talk, and ends with them', async () => {
    const upstream = fakePeer();
    const { client, flow, completed, over } = stage({ kind: 'web-socket', peer: upstream.peer });
    void echo(upstream.far).then(() => upstream.far.close(1000));
    assert.deepEqual(await sayAndRead(client.near.far, 'a', 'b'), ['a', 'b']);
    await over;
    assert.deepEqual([flow.outcome, flow.response?.status, completed.length], ['forwarded', 101, 1]);
    assert.equal(flow.webSocket?.messageCount, 4);
    assert.deepEqual([client.near.relayed[0], upstream.relayed[0]], [upstream.peer, client.near.peer]);
  });

  it('has failed when upstream breaks off', async () => {
    const upstream = fakePeer();
    const { client, flow, over } = stage({ kind: 'web-socket', peer: upstream.peer });
    upstream.far.close(1006);
    await sayAndRead(client.near.far);
    await over;
    assert.equal(flow.outcome, 'failed');
    assert.match(flow.error?.message ?? '', /http:\/\/chat\.example broke the WebSocket off/);
  });

  it('was aborted when the client breaks off', async () => {
    const upstream = fakePeer();
    const { client, flow, hooks, over } = stage({ kind: 'web-socket', peer: upstream.peer });
    hooks.webSocketOpen.tap('Leave', () => {
      client.leaving.abort(new Error('gone'));
      client.near.far.close(1006);
    });
    await over;
    assert.equal(flow.outcome, 'aborted');
    for await (const _ of upstream.far.messages);
    assert.equal((await upstream.far.closed).code, 1006);
  });

  it('lets go of upstream when a hook makes another response of the 101', async () => {
    const upstream = fakePeer();
    const fake = stage({ kind: 'web-socket', peer: upstream.peer });
    fake.hooks.response.tap('Refuse', () => HttpResponse.text(403, 'no'));
    await fake.over;
    assert.deepEqual(fake.client.seen, ['head 403', 'no\n', 'end']);
    for await (const _ of upstream.far.messages);
    assert.equal((await upstream.far.closed).code, 1006);
  });
});

describe('an exchange that changes to another protocol', () => {
  it('joins the two sides', async () => {
    const steps: string[] = [];
    const { client, flow, over } = stage({ kind: 'raw', end: fakeRaw('upstream', steps) });
    await over;
    assert.deepEqual([client.raw, steps], [['client joins'], ['upstream closes']]);
    assert.deepEqual([flow.outcome, flow.webSocket], ['forwarded', undefined]);
  });

  it('closes both when the proxy stops', async () => {
    const steps: string[] = [];
    const { client, over } = stage({ kind: 'raw', end: fakeRaw('upstream', steps) });
    client.stop.abort();
    await over;
    assert.deepEqual(client.raw, ['client closes', 'client joins']);
    assert.equal(steps[0], 'upstream closes');
  });
});

describe('an exchange that is answered by serveWebSocket()', () => {
  it('is served by the addon, and closed when that is done', async () => {
    const { client, flow, over } = serving(async (end) => {
      for await (const { data } of end.messages) {
        await end.send({ opcode: 2, data: Buffer.from(`${data.toString()}!`) });
        break;
      }
    });
    const { far } = client.near;
    void far.send({ opcode: 1, data: Buffer.from('hi') });
    const got: string[] = [];
    for await (const { data, opcode } of far.messages) got.push(`${opcode} ${data.toString()}`);
    assert.deepEqual([got, (await far.closed).code], [['2 hi!'], 1000]);
    far.close(1000);
    await over;
    assert.deepEqual([flow.outcome, flow.webSocket?.messageCount], ['answered', 2]);
  });

  it('answers the goodbye of the client with its code', async () => {
    const { client, flow, over } = serving(echo, { recorded: { number: 1 } as never });
    client.near.far.close(4001, 'enough');
    for await (const _ of client.near.far.messages);
    assert.deepEqual(await client.near.far.closed, { code: 4001, reason: 'enough' });
    await over;
    assert.equal(flow.outcome, 'replayed');
  });

  it('fails with 1011 when the addon throws, at once too', async () => {
    for (const serve of [
      () => Promise.reject(new Error('off script')),
      () => {
        throw new Error('off script');
      },
    ]) {
      const { client, flow, over } = serving(serve);
      for await (const _ of client.near.far.messages);
      assert.equal((await client.near.far.closed).code, 1011);
      client.near.far.close(1011);
      await over;
      assert.deepEqual([flow.outcome, flow.error?.message], ['failed', 'off script']);
    }
  });

  it('fails for a request that asks for no other protocol, and a 101 without anybody to talk to', async () => {
    const { hooks, run } = fakeCore();
    hooks.request.tap('Serve', ({ request }) =>
      request.path === '/bare'
        ? { ...serveWebSocket(echo), serve: undefined as never }
        : serveWebSocket(echo),
    );
    const { flow } = await run('http://chat.example/');
    assert.match(flow.error?.message ?? '', /asks? for another protocol, which this one does not/);
    assert.equal(flow.response?.status, 502);
  });
});
