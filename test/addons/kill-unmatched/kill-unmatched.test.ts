import assert from 'node:assert/strict';
import { forward, HttpResponse, KillUnmatched, respond, type Unmatched } from 'replay-proxy';
import { parseUnmatched } from '../../../addons/kill-unmatched/unmatched';
import { fakeProxy } from '../../support/addons';

describe('KillUnmatched', () => {
  it('kills what nobody answered, and contacts nobody', async () => {
    const { run, sent } = fakeProxy([new KillUnmatched()]);
    const { flow, client } = await run();
    assert.equal(flow.outcome, 'killed');
    assert.deepEqual(client.seen, ['killed']);
    assert.equal(sent.length, 0);
  });

  it('answers with a status and why', async () => {
    const { run, sent } = fakeProxy([new KillUnmatched(404)]);
    const { flow, client } = await run();
    assert.equal(flow.outcome, 'answered');
    assert.deepEqual(client.seen, [
      'head 404',
      'nothing recorded answers it: no recording is loaded\n',
      'end',
    ]);
    assert.equal(sent.length, 0);
  });

  it('never overrules an answer or a forward of another addon, on whichever hook', async () => {
    for (const hook of ['requestHeaders', 'request', 'unmatched'] as const) {
      const { run, proxy } = fakeProxy([new KillUnmatched()]);
      proxy.hooks[hook].tap('Mine', ({ request }) =>
        request.path === '/out' ? forward() : respond(HttpResponse.text(200, 'mine')),
      );
      assert.equal((await run('http://shop.example/')).flow.outcome, 'answered', hook);
      assert.equal((await run('http://shop.example/out')).flow.outcome, 'forwarded', hook);
    }
  });

  it('lets `verdict` replace the verdict, or keep it', async () => {
    const { run, proxy } = fakeProxy([new KillUnmatched()]);
    KillUnmatched.hooks(proxy).verdict.tap('Spare', (_, { request }) =>
      request.host === 'localhost' ? forward() : undefined,
    );
    assert.equal((await run('http://localhost/')).flow.outcome, 'forwarded');
    assert.equal((await run('http://shop.example/')).flow.outcome, 'killed');
  });

  it('changes its mind while running', async () => {
    const addon = new KillUnmatched('forward');
    const { run } = fakeProxy([addon]);
    assert.equal((await run()).flow.outcome, 'forwarded');
    addon.configure(addon.options.schema.parse({ unmatched: '503' }));
    assert.equal((await run()).client.response?.status, 503);
  });

  it('reads its setting from text and numbers', () => {
    const good: [unknown, Unmatched][] = [
      ['kill', 'kill'],
      ['forward', 'forward'],
      ['404', 404],
      [599, 599],
    ];
    for (const [value, expected] of good) assert.equal(parseUnmatched(value), expected);
    for (const bad of ['kil', 199, 600, '40', 404.5, undefined, null]) {
      assert.throws(() => parseUnmatched(bad), /unmatched is forward, kill or a status/);
    }
  });
});
