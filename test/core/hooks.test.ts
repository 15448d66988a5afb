import assert from 'node:assert/strict';
import { Flow } from '../../src/core/flow';
import { createProxyHooks } from '../../src/core/hooks';
import { kill, respond, forward } from '../../src/core/verdict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';

const request = HttpRequest.to('http://shop.example/');
const client = { address: '127.0.0.1', port: 1 };
const flow = new Flow({ id: '1', request, client, signal: new AbortController().signal, startedAt: 0 });
const tunnel = { host: 'shop.example', port: 443, client, session: '' };

describe('createProxyHooks', () => {
  it('takes from each hook what it is for', async () => {
    const hooks = createProxyHooks({ timeout: 1_000, contain: () => {} });
    const changed = new HttpResponse({ status: 204 });
    hooks.request.tap('a', () => kill());
    hooks.forward.tap('a', () => HttpRequest.to('http://other.example/'));
    hooks.response.tap('a', () => changed);
    hooks.error.tap('a', () => changed);
    hooks.connect.tap('a', () => 'tunnel' as const);
    assert.equal(((await hooks.request.promise(flow)) as { kind: string }).kind, 'kill');
    assert.equal((await hooks.forward.promise(request, flow)).host, 'other.example');
    assert.equal(await hooks.response.promise(new HttpResponse(), flow), changed);
    assert.equal(await hooks.error.promise(new Error('x'), flow), changed);
    assert.equal(await hooks.connect.promise(tunnel), 'tunnel');
  });

  it('refuses from each hook what it is not for', async () => {
    const hooks = createProxyHooks({ timeout: 1_000, contain: () => {} });
    hooks.request.tap('a', (() => new HttpResponse()) as never);
    hooks.forward.tap('a', (() => new HttpResponse()) as never);
    hooks.response.tap('a', (() => respond(new HttpResponse())) as never);
    hooks.error.tap('a', (() => 'page') as never);
    hooks.connect.tap('a', (() => forward()) as never);
    await assert.rejects(hooks.request.promise(flow), /instead of a verdict/);
    await assert.rejects(hooks.forward.promise(request, flow), /instead of an HttpRequest/);
    await assert.rejects(hooks.response.promise(new HttpResponse(), flow), /instead of an HttpResponse/);
    await assert.rejects(hooks.error.promise(new Error('x'), flow), /instead of an HttpResponse/);
    await assert.rejects(hooks.connect.promise(tunnel), /instead of 'intercept', 'tunnel'/);
  });

  it('gives every tap of `stop` and `complete` its turn, whatever another throws', async () => {
    const contained: string[] = [];
    const hooks = createProxyHooks({
      timeout: 1_000,
      contain: (hook, error) => contained.push(`${hook}: ${error.message}`),
    });
    const order: string[] = [];
    for (const hook of [hooks.stop, hooks.complete]) {
      hook.tap('Broken', () => {
        throw new Error('boom');
      });
      hook.tapPromise('Late', async () => {
        throw new Error('late');
      });
      hook.tap('Last', () => void order.push('last'));
    }
    await hooks.stop.promise();
    await hooks.complete.promise(flow);
    assert.deepEqual(order, ['last', 'last']);
    assert.deepEqual(contained, [
      'stop: addon Broken, hook stop: boom',
      'stop: addon Late, hook stop: late',
      'complete: addon Broken, hook complete: boom',
      'complete: addon Late, hook complete: late',
    ]);
  });
});
