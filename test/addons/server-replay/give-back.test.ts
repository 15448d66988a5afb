import assert from 'node:assert/strict';
import { Body, Flow, HttpResponse, type RecordedFlow } from 'replay-proxy';
import { MemoryClaims } from '../../../addons/server-replay';
import { exchange } from '../../../src/core/exchange';
import { FakeClient } from '../../support/exchange';
import { entry, replaying, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';
const two = () => [entry(URL, 'a'), entry(URL, 'b')];

describe('ServerReplay and entries that did not arrive', () => {
  it('gives back after an error in a response hook, and answers the next request with it', async () => {
    const { hooks, run, ask, addon } = await replaying(two());
    let fails = true;
    hooks.response.tap('Refresh', () => {
      if (fails) throw new RangeError('year 9999');
    });
    assert.equal((await run(URL)).client.response?.status, 502);
    assert.equal(addon.remaining, 2);
    fails = false;
    assert.equal(await ask(URL), 'a');
    assert.equal(await ask(URL), 'b');
  });

  it('gives back also when another addon answers for the error', async () => {
    const { hooks, run, addon } = await replaying(two());
    hooks.response.tap('Broken', () => assert.fail('oh no'));
    hooks.error.tap({ name: 'Sorry', stage: -1000 }, () => HttpResponse.text(503, 'sorry'));
    assert.equal((await run(URL)).client.response?.status, 503);
    assert.equal(addon.remaining, 2);
  });

  it('gives back when the client leaves before the head', async () => {
    const { hooks, core, addon } = await replaying(two());
    const client = new FakeClient(requestOf(URL));
    hooks.response.tap('Slow', () => client.leaving.abort());
    client.deliver = async () => client.signal.throwIfAborted();
    await exchange(flowOf(client), client, core);
    assert.equal(addon.remaining, 2);
  });

  it('does not give back what broke off after the head', async () => {
    const { core, addon } = await replaying(two());
    const client = new FakeClient(requestOf(URL));
    client.deliver = async (_response, onHead) => {
      onHead();
      throw new Error('socket closed');
    };
    await exchange(flowOf(client), client, core);
    assert.equal(addon.remaining, 1);
  });

  it('gives back when the recorded body cannot be read any more, and says why', async () => {
    const body = Body.file({
      length: 5,
      read: () => assert.fail('recording shop.har was closed'),
    });
    const { run, addon, sent } = await replaying([entry(URL, '', { answer: { body } })]);
    const { client, flow } = await run(URL);
    assert.equal(client.response?.status, 502);
    assert.match(flow.error?.message ?? '', /recording shop\.har was closed/);
    assert.deepEqual([addon.remaining, sent.length], [1, 0]);
  });

  it('asks again when another machine was faster, and waits for claims that take time', async () => {
    const flows = two();
    const claims = new SlowClaims(flows[0]!);
    const { ask } = await replaying(flows, { claims });
    assert.equal(await ask(URL), 'b');
    assert.equal(await ask(URL), 'live');
  });

  it('keeps the share of each session apart', async () => {
    const { core, addon } = await replaying(two());
    const seen: string[] = [];
    for (const session of ['ann', 'bob', 'ann', 'ann']) {
      const client = new FakeClient(requestOf(URL));
      await exchange(flowOf(client, session), client, core);
      seen.push(`${session} ${await client.response?.body.text()}`);
    }
    assert.deepEqual(seen, ['ann a', 'bob a', 'ann b', 'ann live']);
    assert.equal(addon.remaining, 0);
  });
});

/** Somebody else has taken `gone` already, which only the asking tells. */
class SlowClaims extends MemoryClaims {
  constructor(private readonly gone: RecordedFlow) {
    super();
  }

  override tryTake(session: string, one: RecordedFlow, limit: number): never {
    const taken = one !== this.gone && super.tryTake(session, one, limit);
    return Promise.resolve(taken) as never;
  }
}

function flowOf(client: FakeClient, session = ''): Flow {
  const { request, info, signal } = client;
  return new Flow({ id: '1', request, client: info, signal, session, startedAt: 0 });
}
