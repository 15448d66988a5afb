import assert from 'node:assert/strict';
import { type ListenerSpec, parseListener } from '../../src/transport/listener-spec';

const SHOP = {
  kind: 'reverse',
  origin: { scheme: 'https', host: 'shop.example', port: 443 },
  keepHost: false,
} as const;

describe('parseListener', () => {
  it('reads modes with and without an address', () => {
    for (const [spec, mode, host, port] of [
      ['regular', 'regular', '127.0.0.1', 8080],
      ['socks5', 'socks5', '127.0.0.1', 1080],
      ['regular@0', 'regular', '127.0.0.1', 0],
      ['socks5@localhost:65535', 'socks5', 'localhost', 65535],
      ['regular@[::1]:81', 'regular', '::1', 81],
      ['reverse:https://shop.example', SHOP, '127.0.0.1', 8080],
      ['reverse:https://shop.example:443/@10.0.0.1:81', SHOP, '10.0.0.1', 81],
      [{ mode: 'socks5' }, 'socks5', '127.0.0.1', 1080],
      [{ mode: 'regular', host: '::', port: 0 }, 'regular', '::', 0],
      [
        { mode: { reverse: 'https://shop.example', keepHost: true } },
        { ...SHOP, keepHost: true },
        '127.0.0.1',
        8080,
      ],
    ] as const)
      assert.deepEqual(parseListener(spec), { host, port, mode }, JSON.stringify(spec));
  });

  it('goes by what is told for all', () => {
    const told = { host: '::1', keepHost: true };
    assert.deepEqual(parseListener('reverse:https://shop.example@1', told), {
      host: '::1',
      port: 1,
      mode: { ...SHOP, keepHost: true },
    });
    const own = parseListener(
      { mode: { reverse: 'https://shop.example', keepHost: false }, host: 'h' },
      told,
    );
    assert.deepEqual(own, { host: 'h', port: 8080, mode: SHOP });
  });

  it('refuses the rest in one line', () => {
    const bad = (spec: unknown, message: RegExp) =>
      assert.throws(() => parseListener(spec as ListenerSpec), { name: 'ConfigError', message });
    bad('transparent@1', /^listener "transparent@1" has no mode that there is; write it like regular@8080/);
    bad('', /has no mode/);
    bad('upstream:http://p:1', /for --upstream-proxy/);
    for (const spec of ['regular@', 'regular@65536', 'regular@x', 'socks5@a:b:1', 'socks5@:1', 'regular@1@x'])
      bad(spec, /^listener ".*" has no (?:usable address|mode)/);
    bad('reverse:shop', /^origin "shop" has no scheme/);
    bad('reverse:https://me@shop', /has no usable address/);
    bad(7, /^listener 7 is none;/);
    bad(null, /^listener null is none;/);
    bad({}, /has no mode that there is: 'regular', 'socks5' or/);
    bad({ mode: { revers: 'x' } }, /has no mode/);
    bad({ mode: { reverse: 'http://a', keephost: true } }, /has no mode/);
    bad({ mode: { reverse: 'http://a', keepHost: 1 } }, /has no mode/);
    bad({ mode: 'regular', prot: 1 }, /has the key prot, which there is not; known are mode, host and port/);
    bad({ mode: 'regular', host: '' }, /has a host that is no text/);
    bad({ mode: 'regular', port: 65536 }, /has a port that is no whole number/);
    bad({ mode: 'regular', port: '1' }, /has a port that is no whole number/);
  });
});
