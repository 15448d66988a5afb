import assert from 'node:assert/strict';
import { DEFAULTS } from '../../../addons/server-replay/options';
import { Policies } from '../../../addons/server-replay/policy';
import { replaying, requestOf } from '../../support/replay';
import { entry } from '../../support/replay';

describe('policies', () => {
  it('add what a rule says to what holds for all; the first rule counts', () => {
    const policies = new Policies({
      ...DEFAULTS,
      headers: ['Accept'],
      ignore: ['query.utm_*'],
      rules: [
        { match: { method: 'POST' }, ignore: ['body.nonce'], headers: ['accept', 'X-Mode'], reuse: 'cycle' },
        { match: { path: '/*' }, ignore: ['query'] },
      ],
    });
    assert.deepEqual(policies.of(requestOf('POST http://h/')), {
      headers: ['accept', 'x-mode'],
      ignore: ['query.utm_*', 'body.nonce'],
      reuse: 'cycle',
      isReuseOfRule: true,
      compares: '[["accept","x-mode"],["query.utm_*","body.nonce"]]',
    });
    assert.equal(policies.of(requestOf('http://h/')).reuse, 'never');
    assert.equal(policies.of(requestOf('http://h/')), policies.of(requestOf('http://h/a')));
  });

  it('are chosen by the live request, so that an entry from elsewhere can answer', async () => {
    const { ask } = await replaying([entry('http://prod.example/a?t=1', 'a')], {
      rules: [{ match: { host: 'staging.example' }, ignore: ['host', 'query.t'], reuse: 'hold' }],
    });
    assert.equal(await ask('http://other.example/a?t=1'), 'live');
    assert.equal(await ask('http://staging.example/a?t=2'), 'a');
    assert.equal(await ask('http://staging.example/a?t=3'), 'a');
  });

  it('fail closed when a filter throws', async () => {
    const { run, sent } = await replaying([], {
      rules: [
        {
          match: () => {
            throw new Error('no');
          },
        },
      ],
    });
    assert.equal((await run('http://h/')).client.response?.status, 502);
    assert.equal(sent.length, 0);
  });
});
