import assert from 'node:assert/strict';
import { listenersOf, transportOptions, upstreamOptions } from '../src/proxy-options';
import { DEFAULT_LIMITS } from '../src/transport/options';

describe('transportOptions', () => {
  it('are safe unless told otherwise', () => {
    const { now: _now, authorityFolder: _folder, ...options } = transportOptions({}, DEFAULT_LIMITS);
    assert.deepEqual(options, {
      listeners: [{ host: '127.0.0.1', port: 8080, mode: 'regular' }],
      allowLan: false,
      allowPublic: false,
      http2: true,
      sessions: true,
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
    const origin = { scheme: 'http', host: 'h', port: 1 } as const;
    assert.deepEqual(options.listeners, [
      { host: '::', port: 0, mode: { kind: 'reverse', origin, keepHost: true } },
    ]);
    assert.deepEqual([options.allowLan, options.proxyAuth], [true, 'x']);
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
    assert.deepEqual(options, { insecure: false, http2: true, clientCertificates: [] });
    assert.equal(proxyFor?.(origin), undefined);
  });

  it('take what is told', () => {
    const upstream = {
      insecure: true,
      ca: 'pem',
      http2: false,
      cert: 'c',
      key: 'k',
      proxy: 'socks5://p',
      noProxy: ['b.example'],
    };
    const { proxyFor, ...options } = upstreamOptions({ upstream }, {});
    assert.deepEqual(options, {
      insecure: true,
      http2: false,
      ca: 'pem',
      clientCertificates: [{ host: '*', cert: 'c', key: 'k' }],
    });
    assert.throws(() => upstreamOptions({ upstream: { key: 'k' } }, {}), /is the key of a certificate/);
    assert.equal(proxyFor?.(origin)?.shown, 'socks5://p:1080');
    assert.equal(proxyFor?.({ ...origin, host: 'a.b.example' }), undefined);
    assert.throws(() => upstreamOptions({ upstream: { proxy: 'x://y' } }, {}), { code: 'ERR_CONFIG' });
  });
});

describe('listenersOf', () => {
  const told = (options: Parameters<typeof listenersOf>[0]) =>
    listenersOf(options).map(
      ({ host, port, mode }) => `${typeof mode === 'string' ? mode : mode.kind}@${host}:${port}`,
    );

  it('are those that are told, behind the one of `listen` and `mode` where that is', () => {
    assert.deepEqual(told({}), ['regular@127.0.0.1:8080']);
    assert.deepEqual(told({ listeners: [] }), ['regular@127.0.0.1:8080']);
    assert.deepEqual(told({ listeners: ['socks5', 'regular@0'] }), [
      'socks5@127.0.0.1:1080',
      'regular@127.0.0.1:0',
    ]);
    assert.deepEqual(told({ listeners: ['socks5'], listen: { host: '::1' } }), ['socks5@::1:1080']);
    assert.deepEqual(told({ listeners: ['socks5'], listen: { port: 0 } }), [
      'regular@127.0.0.1:0',
      'socks5@127.0.0.1:1080',
    ]);
    assert.deepEqual(told({ listeners: [{ mode: 'socks5', port: 1 }], mode: { reverse: 'http://h' } }), [
      'reverse@127.0.0.1:8080',
      'socks5@127.0.0.1:1',
    ]);
  });

  it('have places of their own', () => {
    const twice = { listen: { port: 81 }, listeners: ['socks5@81'] };
    assert.throws(() => listenersOf(twice), {
      code: 'ERR_CONFIG',
      message: 'two listeners are to take port 81 on 127.0.0.1; give each its own (--port, --mode)',
    });
    assert.deepEqual(
      told({ listen: { port: 81 }, listeners: ['socks5@[::1]:81', 'regular@0', 'regular@0'] }),
      ['regular@127.0.0.1:81', 'socks5@::1:81', 'regular@127.0.0.1:0', 'regular@127.0.0.1:0'],
    );
  });
});
