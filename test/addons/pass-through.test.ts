import assert from 'node:assert/strict';
import { PassThrough, type Tunnel } from 'replay-proxy';
import { compileHosts, type HostPattern } from '../../addons/pass-through';
import { fakeProxy } from '../support/addons';

const tunnelTo = (host: string, port = 443): Tunnel => ({
  host,
  port,
  client: { address: '127.0.0.1', port: 1 },
  session: '',
});

describe('compileHosts', () => {
  const cases: [
    pattern: HostPattern,
    meant: [host: string, port?: number][],
    others: [host: string, port?: number][],
  ][] = [
    ['bank.example', [['bank.example'], ['bank.example', 8443]], [['a.bank.example'], ['bank.example.org']]],
    ['*.Bank.example', [['a.bank.example'], ['a.b.bank.example']], [['bank.example'], ['xbank.example']]],
    ['bank.example:8443', [['bank.example', 8443]], [['bank.example', 443]]],
    ['*:8443', [['any.example', 8443]], [['any.example', 443]]],
    ['10.0.0.*', [['10.0.0.1']], [['10.0.1.1']]],
    ['::1', [['::1', 1]], [['::2']]],
    ['[::1]:443', [['::1', 443]], [['::1', 1]]],
    ['*', [['a'], ['::1']], []],
    [/^bank\.example:443$/g, [['bank.example'], ['bank.example']], [['bank.example', 80]]],
    [/^\[::1\]:/, [['::1']], [['a']]],
    ['/BANK|shop/', [['a.bank.example'], ['shop']], [['a']]],
  ];
  for (const [pattern, meant, others] of cases) {
    it(String(pattern), () => {
      const isMeant = compileHosts([pattern]);
      for (const [host, port] of meant) assert.equal(isMeant(tunnelTo(host, port)), true, host);
      for (const [host, port] of others) assert.equal(isMeant(tunnelTo(host, port)), false, host);
    });
  }

  it('takes any of a list, and refuses what is no pattern', () => {
    assert.equal(compileHosts(['a', 'b'])(tunnelTo('b')), true);
    assert.equal(compileHosts([])(tunnelTo('b')), false);
    for (const bad of ['', '^bank$', 'a b', 'http://a', 'a:x', '/(/', 7])
      assert.throws(() => compileHosts(['a', bad as string]), {
        name: 'ConfigError',
        message: /write it like/,
      });
  });
});

describe('PassThrough', () => {
  it('passes tunnels to its hosts on, unless somebody else has decided', async () => {
    const { hooks } = fakeProxy([new PassThrough(['*.bank.example'])]);
    assert.equal(await hooks.connect.promise(tunnelTo('a.bank.example')), 'tunnel');
    assert.equal(await hooks.connect.promise(tunnelTo('shop.example')), undefined);
    hooks.connect.tap('Mine', () => 'intercept');
    assert.equal(await hooks.connect.promise(tunnelTo('a.bank.example')), 'intercept');
  });

  it('takes other hosts while it runs, checked before', async () => {
    const addon = new PassThrough(['a']);
    const { hooks } = fakeProxy([addon]);
    addon.configure(addon.options.schema.parse({ hosts: ['b'] }));
    assert.equal(await hooks.connect.promise(tunnelTo('a')), undefined);
    assert.equal(await hooks.connect.promise(tunnelTo('b')), 'tunnel');
    assert.deepEqual(addon.options.values, { hosts: ['b'] });
    assert.throws(() => addon.options.schema.parse({ hosts: 'b' }), TypeError);
    assert.throws(() => addon.options.schema.parse({ hosts: ['('] }), { code: 'ERR_CONFIG' });
  });
});
