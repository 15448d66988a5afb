import assert from 'node:assert/strict';
import { transportOptions, upstreamOptions } from '../src/proxy-options';
import { DEFAULT_LIMITS } from '../src/transport/options';

describe('transportOptions', () => {
  it('are safe unless told otherwise', () => {
    const { now: _now, authorityFolder: _folder, ...options } = transportOptions({}, DEFAULT_LIMITS);
    assert.deepEqual(options, {
      host: '127.0.0.1',
      port: 8080,
      allowLan: false,
      allowPublic: false,
      sessions: true,
      keepHost: false,
      limits: DEFAULT_LIMITS,
    });
  });

  it('take what is told', () => {
    const options = transportOptions(
      {
        listen: { host: '::', port: 0, allowLan: true, proxyAuth: 'x' },
        mode: { reverse: 'http://h:1', keepHost: true },
        sessions: 'required',
        authority: 'ca',
      },
      DEFAULT_LIMITS,
    );
    assert.deepEqual(options.reverse, { scheme: 'http', host: 'h', port: 1 });
    assert.deepEqual(
      [options.host, options.port, options.allowLan, options.proxyAuth, options.keepHost],
      ['::', 0, true, 'x', true],
    );
    assert.deepEqual([options.sessions, options.authorityFolder], ['required', 'ca']);
    assert.throws(() => transportOptions({ mode: { reverse: 'h' } }, DEFAULT_LIMITS), { code: 'ERR_CONFIG' });
  });
});

describe('upstreamOptions', () => {
  const origin = { scheme: 'https', host: 'shop.example', port: 443 } as const;

  it('are safe and straight unless told otherwise, whatever the environment says', () => {
    const { proxyFor, ...options } = upstreamOptions(
      {},
      { https_proxy: 'http://p:1', all_proxy: 'http://p:1' },
    );
    assert.deepEqual(options, { insecure: false });
    assert.equal(proxyFor?.(origin), undefined);
  });

  it('take what is told', () => {
    const upstream = { insecure: true, ca: 'pem', proxy: 'socks5://p', noProxy: ['b.example'] };
    const { proxyFor, ...options } = upstreamOptions({ upstream }, {});
    assert.deepEqual(options, { insecure: true, ca: 'pem' });
    assert.equal(proxyFor?.(origin)?.shown, 'socks5://p:1080');
    assert.equal(proxyFor?.({ ...origin, host: 'a.b.example' }), undefined);
    assert.throws(() => upstreamOptions({ upstream: { proxy: 'x://y' } }, {}), { code: 'ERR_CONFIG' });
  });
});
