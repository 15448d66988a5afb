import assert from 'node:assert/strict';
import { Flow } from '../../src/core/flow';
import { decideTunnel, mayPass } from '../../src/core/tunnels';
import { forward, kill, respond } from '../../src/core/verdict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { fakeCore } from '../support/exchange';

const client = { address: '127.0.0.1', port: 1 };
const tunnel = { host: 'shop.example', port: 443, client, session: '' };

function connectFlow(): Flow {
  const request = new HttpRequest({ ...tunnel, method: 'CONNECT', scheme: 'https', path: '' });
  return new Flow({ id: '1', request, client, signal: new AbortController().signal, startedAt: 0 });
}

describe('decideTunnel', () => {
  it('intercepts unless told otherwise, and makes no flow of that', async () => {
    const { core, completed } = fakeCore();
    assert.equal(await decideTunnel(tunnel, connectFlow, core), 'intercept');
    assert.equal(completed.length, 0);
  });

  for (const [verdict, outcome] of [
    ['tunnel', 'forwarded'],
    [kill(), 'killed'],
    [respond(new HttpResponse({ status: 403 })), 'answered'],
  ] as const) {
    it(`ends as ${outcome} when it is not intercepted`, async () => {
      const { core, hooks, completed } = fakeCore();
      hooks.connect.tap('Mine', () => verdict);
      assert.equal(await decideTunnel(tunnel, connectFlow, core), verdict);
      assert.deepEqual(
        completed.map((flow) => flow.outcome),
        [outcome],
      );
    });
  }

  it('is refused when nothing may leave, naming who wanted it to', async () => {
    const { core, hooks, completed } = fakeCore();
    hooks.connect.tap('Mine', () => 'tunnel');
    await assert.rejects(decideTunnel({ ...tunnel }, connectFlow, { ...core, offline: true }), {
      code: 'ERR_EGRESS',
      addon: 'Mine',
      message: 'offline: addon Mine wanted to forward a tunnel to shop.example:443, and nothing may leave',
    });
    assert.equal(completed[0]?.outcome, 'failed');
  });

  it('ends as failed when a tap throws, and passes that on', async () => {
    const { core, hooks, completed } = fakeCore();
    hooks.connect.tap('Mine', () => {
      throw new Error('boom');
    });
    await assert.rejects(decideTunnel(tunnel, connectFlow, core), /addon Mine, hook connect: boom/);
    assert.deepEqual(
      completed.map(({ outcome, error }) => [outcome, error?.message]),
      [['failed', 'addon Mine, hook connect: boom']],
    );
  });
});

describe('mayPass', () => {
  it('lets bytes pass unless `unmatched` kills them, or throws', async () => {
    const { core, hooks, completed } = fakeCore();
    assert.equal(await mayPass(connectFlow(), core), true);
    let verdict: (() => ReturnType<typeof kill> | ReturnType<typeof forward>) | undefined = forward;
    hooks.unmatched.tap('Mine', () => verdict?.());
    assert.equal(await mayPass(connectFlow(), core), true);
    verdict = kill;
    assert.equal(await mayPass(connectFlow(), core), false);
    verdict = () => {
      throw new Error('boom');
    };
    assert.equal(await mayPass(connectFlow(), core), false);
    assert.deepEqual(
      completed.map(({ outcome }) => outcome),
      ['forwarded', 'forwarded', 'killed', 'failed'],
    );
  });

  it('is false when nothing may leave', async () => {
    const { core, hooks, completed } = fakeCore();
    assert.equal(await mayPass(connectFlow(), { ...core, offline: true }), false);
    assert.match(
      completed[0]?.error?.message ?? '',
      /^offline: nobody answered a tunnel to shop\.example:443/,
    );
    hooks.unmatched.tap('Mine', () => forward());
    assert.equal(await mayPass(connectFlow(), { ...core, offline: true }), false);
    assert.match(completed[1]?.error?.message ?? '', /^offline: addon Mine/);
  });
});
