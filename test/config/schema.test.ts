import assert from 'node:assert/strict';
import { configSchema } from '../../src/config/schema';
import { DEFAULT_LIMITS } from '../../src/transport/options';

describe('configSchema', () => {
  it('takes a config that says everything', () => {
    const addon = { name: 'Mine', apply: () => {} };
    const config = {
      listen: { host: '::1', port: 0, allowLan: true, allowPublic: false },
      listeners: ['socks5@1080', { mode: { reverse: 'https://shop.example', keepHost: false }, port: 0 }],
      mode: { reverse: 'https://shop.example', keepHost: true },
      replay: {
        from: ['a.har', 'b.mitm'],
        headers: ['accept'],
        ignore: ['query.utm_*'],
        reuse: 'cycle',
        speed: 0.5,
      },
      refresh: false,
      unmatched: 404,
      record: { to: '+c.har', fresh: false },
      upstream: { insecure: true, ca: 'ca.pem', proxy: 'env', noProxy: ['localhost', '*'] },
      ignoreHosts: ['*.bank.example', /^a/],
      authority: 'ca',
      limits: DEFAULT_LIMITS,
      hookTimeout: 100,
      addons: ['mine.ts', addon, () => {}, [addon]],
    };
    const checked = configSchema.parse(config);
    assert.deepEqual(checked, config);
    assert.equal(checked.addons?.[1], addon, 'an addon is passed on as it is');
  });

  it('takes one that says nothing, also by undefined', () => {
    assert.deepEqual(configSchema.parse({}), {});
    assert.ok(configSchema.safeParse({ replay: undefined, listen: { port: undefined } }).success);
  });

  it('knows every limit', () => {
    for (const name of Object.keys(DEFAULT_LIMITS)) {
      assert.ok(configSchema.safeParse({ limits: { [name]: 1 } }).success, name);
      assert.ok(!configSchema.safeParse({ limits: { [name]: 0 } }).success, name);
    }
  });
});
