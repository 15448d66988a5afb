import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { configOf } from '../../src/cli/config-of';
import { checkConfig } from '../../src/config/check-config';
import { plainConfig } from '../../src/config/plain-config';
import { configSchema } from '../../src/config/schema';

const VALUES: unknown[] = [
  ...[undefined, null, true, false, 0, -1, 1.5, 404, 199, 65_535, 65_536, Infinity, NaN],
  ...['', 'a', '+', '+a', '++a', 'a b', 'hold', 'kill', 'all', 'missing', 'required', 'missed', 'env'],
  ...['https://shop.example', 'shop.example', 'https://shop.example/a', /a/, () => {}, { apply() {} }],
  ...[[], {}, ['a', ''], ['a b'], [{ verdict: 'kill' }], [{ apply() {} }, 'mine.ts'], new Array(1), [['a']]],
  ...[
    -0,
    1n,
    new Date(0),
    new String('a'),
    Object.create(null),
    new Proxy([], {}),
    new (class extends Array {})(),
    'http://u:p@a',
  ],
  ...[
    '\n',
    '+\n',
    '\u2028',
    'http://[::1]:8',
    'http://a:99999',
    ['\0'],
    Object.assign(['a'], { x: 1 }),
    ['missed', 'x'],
  ],
];

describe('plainConfig', () => {
  it('takes what most runs say, without what is undefined', () => {
    const addon = { name: 'Mine', apply: () => {} };
    const config = {
      listen: { host: '::1', port: 0, allowLan: true, proxyAuth: undefined },
      mode: { reverse: 'https://shop.example', keepHost: true },
      replay: { from: ['a.har'], headers: ['accept'], ignore: ['query.a'], reuse: 'cycle', speed: 0.5 },
      refresh: false,
      unmatched: 404,
      sessions: 'required',
      record: { to: '+c.har', mode: 'missing', redact: ['header.cookie'] },
      upstream: { insecure: true, ca: 'ca.pem', proxy: undefined },
      failOn: ['missed'],
      addons: ['mine.ts', addon],
    };
    const { listen, upstream, ...rest } = config;
    assert.deepEqual(plainConfig(config), {
      ...rest,
      listen: { host: listen.host, port: 0, allowLan: true },
      upstream: { insecure: true, ca: upstream.ca },
    });
    assert.equal(plainConfig(config)?.addons?.[1], addon);
  });

  it('takes a command line', () => {
    const flags = { serverReplay: ['a.har'], reuse: 'hold', kill: true, port: '0' };
    assert.deepEqual(plainConfig(configOf(flags)), checkConfig(configOf(flags), String));
    assert.ok(plainConfig(configOf({})));
  });

  it('leaves to the schema what is wrong, and what is rare', () => {
    const left = [{ replay: { reuse: 'nevr' } }, { replya: undefined }, JSON.parse('{"__proto__":1}'), null];
    for (const values of [...left, { listeners: ['socks5@1080'] }, { limits: { head: 1 } }])
      assert.equal(plainConfig(values), undefined);
  });

  it('takes nothing that the schema does not take just so', () => {
    const value = fc.constantFrom(...VALUES);
    const sections = ['listen', 'mode', 'replay', 'record', 'upstream'] as const;
    const inner = (name: (typeof sections)[number]) => Object.keys(configSchema.shape[name].unwrap().shape);
    const some = (keys: string[]) =>
      fc.dictionary(fc.constantFrom(...keys, 'other', '__proto__'), value, { maxKeys: 2 });
    const config = fc
      .tuple(some(Object.keys(configSchema.shape)), ...sections.map((name) => some(inner(name))))
      .map(([top, ...filled]) => ({ ...top, ...pick(sections, filled) }));
    fc.assert(
      fc.property(config, (values) => {
        const plain = plainConfig(values);
        if (plain) assert.deepEqual(plain, checkConfig(values, String));
      }),
      { numRuns: 3000 },
    );
  });
});

/** The sections that say something. */
function pick(names: readonly string[], filled: readonly object[]): object {
  return Object.fromEntries(
    names.map((name, at) => [name, filled[at]!] as const).filter(([, one]) => Object.keys(one).length > 0),
  );
}
