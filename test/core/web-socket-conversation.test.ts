import assert from 'node:assert/strict';
import type { WebSocketClose, WebSocketEnd, WebSocketMessage } from '../../src/core/web-socket';
import { WebSocketConversation } from '../../src/core/web-socket-conversation';
import { webSocketPipe } from '../../src/core/web-socket-pipe';
import { Flow } from '../../src/core/flow';
import { HttpRequest } from '../../src/http/request';
import { fakeCore } from '../support/exchange';

const text = (data: string) => ({ opcode: 1 as const, data: Buffer.from(data) });
const never = new AbortController().signal;

/** A side played by a test: what it got, and how it was closed; it answers a goodbye unless `rude`. */
function player(end: WebSocketEnd, rude = false) {
  const got: string[] = [];
  const closed = (async () => {
    for await (const { data, opcode } of end.messages)
      got.push(opcode === 1 ? data.toString() : data.toString('hex'));
    const goodbye = await end.closed;
    if (!rude) end.close(goodbye.code, goodbye.reason);
    return `${goodbye.code} ${goodbye.reason}`.trim();
  })();
  return { end, got, closed, say: (data: string) => end.send(text(data)) };
}

function stage(rude: { server?: boolean } = {}) {
  const { hooks, core } = fakeCore();
  const flow = new Flow({
    id: '1',
    request: HttpRequest.to('http://chat.example/'),
    client: { address: '127.0.0.1', port: 1 },
    signal: never,
    startedAt: 0,
  });
  const conversation = new WebSocketConversation(flow, core);
  const [toClient, toServer] = [webSocketPipe(() => 1), webSocketPipe(() => 1)];
  const client = player(toClient.far);
  const server = player(toServer.far, rude.server);
  const closes: WebSocketClose[] = [];
  hooks.webSocketClose.tap('test', (close) => void closes.push(close));
  const held = (stopping = never) => conversation.hold(toClient.near, toServer.near, stopping);
  return { hooks, flow, conversation, client, server, closes, held };
}

describe('a conversation', () => {
  it('passes messages both ways and counts them', async () => {
    const { client, server, conversation, held } = stage();
    const close = held();
    await client.say('a');
    await server.say('b');
    client.end.close(4001, 'enough');
    assert.equal((await close).from, 'client');
    assert.deepEqual([client.got, server.got, conversation.messageCount], [['b'], ['a'], 2]);
    assert.deepEqual(await Promise.all([client.closed, server.closed]), ['4001 enough', '4001 enough']);
  });

  it('lets hooks edit, drop and see who sent', async () => {
    const { client, server, hooks, held } = stage();
    const seen: string[] = [];
    hooks.webSocketMessage.tap('Edit', async (message) => {
      await new Promise(setImmediate);
      seen.push(`${message.from} ${message.data.toString()} ${message.time}`);
      if (message.data.toString() === 'secret') return { ...message, dropped: true };
      return { ...message, data: Buffer.from(message.data.toString().toUpperCase()) };
    });
    const close = held();
    await Promise.all(['a', 'secret', 'b'].map((data) => client.say(data)));
    client.end.close(1000);
    await close;
    assert.deepEqual(server.got, ['A', 'B']);
    assert.deepEqual(seen, ['client a 1', 'client secret 1', 'client b 1']);
  });

  it('keeps the order of one side while a hook takes its time, and holds up nobody else', async () => {
    const { client, server, hooks, held } = stage();
    let goOn = () => {};
    hooks.webSocketMessage.tap('Slow', async ({ from, data }) => {
      if (from === 'client' && data.toString() === '1')
        await new Promise<void>((resolve) => (goOn = resolve));
    });
    const close = held();
    const said = ['1', '2', '3'].map((data) => client.say(data));
    await server.say('not held up');
    assert.deepEqual([client.got, server.got], [['not held up'], []]);
    goOn();
    await Promise.all(said);
    server.end.close(1000);
    await close;
    assert.deepEqual(server.got, ['1', '2', '3']);
  });

  it('injects after what is on its way, marked, and through the hooks', async () => {
    const { client, server, hooks, conversation, flow, held } = stage();
    flow.webSocket = conversation;
    const injected: WebSocketMessage[] = [];
    hooks.webSocketMessage.tap('Inject', (message, { webSocket }) => {
      if (message.injected) injected.push(message);
      else webSocket?.send('client', `got ${message.data.toString()}`);
    });
    conversation.send('server', 'early');
    const close = held();
    await client.say('a');
    conversation.send('server', Buffer.from([255]));
    await server.say('b');
    client.end.close(1000);
    await close;
    assert.deepEqual(server.got, ['early', 'a', 'ff']);
    assert.deepEqual(client.got, ['got a', 'b', 'got b']);
    assert.deepEqual(
      injected.map(({ from, opcode }) => `${from} ${opcode}`),
      ['client 1', 'server 1', 'client 2', 'server 1'],
    );
  });

  it('tells the other side who breaks off', async () => {
    const { client, server, closes, held } = stage();
    const close = held();
    server.end.close(1006);
    assert.equal((await close).code, 1006);
    assert.deepEqual([await client.closed, await server.closed], ['1006', '1006']);
    assert.deepEqual(
      closes.map(({ from, code }) => `${from} ${code}`),
      ['server 1006'],
    );
  });

  it('hears the server out after the goodbye of the client', async () => {
    const { client, server, held } = stage({ server: true });
    const close = held();
    client.end.close(1000, 'bye');
    await server.closed;
    await server.say('one more');
    server.end.close(4000, 'me too');
    await close;
    assert.deepEqual(client.got, ['one more']);
    assert.equal(await client.closed, '4000 me too');
  });

  it('echoes the goodbye of a client whose server just hangs up', async () => {
    const { client, server, held } = stage({ server: true });
    const close = held();
    client.end.close(1000, 'bye');
    await server.closed;
    server.end.close(1006);
    assert.equal((await close).code, 1000);
    assert.equal(await client.closed, '1000 bye');
  });

  it('says goodbye to the client only after what waits for the end', async () => {
    for (const first of ['client', 'server'] as const) {
      const { client, server, flow, closes, held } = stage();
      const steps: string[] = [];
      flow.beforeEnd(async () => {
        await new Promise(setImmediate);
        steps.push(`written with ${closes.length} close`);
      });
      void client.closed.then(() => steps.push('client told'));
      const close = held();
      (first === 'client' ? client : server).end.close(1000);
      await close;
      await client.closed;
      assert.deepEqual(steps, ['written with 1 close', 'client told']);
    }
  });

  it('ends with 1011 on both sides when a hook throws, and with the error', async () => {
    for (const hook of ['webSocketOpen', 'webSocketMessage', 'webSocketClose'] as const) {
      const { client, server, hooks, held } = stage();
      hooks[hook].tap('Bad', () => {
        throw new Error('no good');
      });
      const close = held();
      await client.say('a');
      if (hook === 'webSocketClose') client.end.close(1000);
      await assert.rejects(close, { message: new RegExp(`${hook}: no good`) });
      assert.deepEqual(server.got, hook === 'webSocketClose' ? ['a'] : []);
      assert.match(await client.closed, /^1011/);
    }
  });

  it('ends with 1011 when what waits for the end fails', async () => {
    const { client, server, flow, held } = stage();
    flow.beforeEnd(() => Promise.reject(new Error('disk full')));
    const close = held();
    server.end.close(1000);
    await assert.rejects(close, /disk full/);
    assert.match(await client.closed, /^1011/);
  });

  it('refuses a message that is none', async () => {
    const { client, hooks, held } = stage();
    hooks.webSocketMessage.tap('Bad', () => 'text' as never);
    const close = held();
    await client.say('a');
    await assert.rejects(close, /instead of a message with from, opcode 1 or 2/);
  });

  it('ends for an addon, after what is on its way', async () => {
    const { client, server, conversation, held } = stage();
    conversation.send('client', 'last');
    conversation.close(4005, 'an addon');
    assert.equal((await held()).from, 'proxy');
    assert.deepEqual(client.got, ['last']);
    assert.deepEqual([await client.closed, await server.closed], ['4005 an addon', '4005 an addon']);
    assert.throws(() => conversation.close(999), RangeError);
  });

  it('ends with 1001 when the proxy stops', async () => {
    const { client, server, held } = stage();
    const stopping = new AbortController();
    const close = held(stopping.signal);
    await client.say('a');
    stopping.abort();
    await close;
    assert.deepEqual(
      [await client.closed, await server.closed],
      ['1001 the proxy stops', '1001 the proxy stops'],
    );
  });
});
