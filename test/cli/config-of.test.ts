import assert from 'node:assert/strict';
import { Command } from 'commander';
import { configOf, nameFlag } from '../../src/cli/config-of';
import { addRunFlags, type RunFlags } from '../../src/cli/flags';
import { checkConfig } from '../../src/config/check-config';

const parse = (...args: string[]) => {
  const command = addRunFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return checkConfig(configOf(command.parse(args, { from: 'user' }).opts<RunFlags>()), nameFlag);
};
const NOTHING = { listen: {}, mode: {}, replay: {}, record: {}, upstream: {} };

describe('the flags of a run in the words of a config', () => {
  const cases: [args: string, config: object][] = [
    ['', NOTHING],
    ['-S a.har --server-replay b.mitm', { ...NOTHING, replay: { from: ['a.har', 'b.mitm'] } }],
    ['--rheader accept --rheader x-a', { ...NOTHING, replay: { headers: ['accept', 'x-a'] } }],
    ['--ignore host --ignore query.*', { ...NOTHING, replay: { ignore: ['host', 'query.*'] } }],
    ['--reuse', { ...NOTHING, replay: { reuse: 'hold' } }],
    ['--reuse -k', { ...NOTHING, replay: { reuse: 'hold' }, unmatched: 'kill' }],
    ['--reuse cycle', { ...NOTHING, replay: { reuse: 'cycle' } }],
    ['--speed 1.5', { ...NOTHING, replay: { speed: 1.5 } }],
    ['--speed 0', { ...NOTHING, replay: { speed: 0 } }],
    ['--norefresh', { ...NOTHING, refresh: false }],
    ['--no-refresh', { ...NOTHING, refresh: false }],
    ['--refresh', { ...NOTHING, refresh: true }],
    ['-k', { ...NOTHING, unmatched: 'kill' }],
    ['--unmatched forward', { ...NOTHING, unmatched: 'forward' }],
    ['--unmatched 404', { ...NOTHING, unmatched: 404 }],
    ['-w +a.har', { ...NOTHING, record: { to: '+a.har', mode: 'all' } }],
    ['--record-missing a.har', { ...NOTHING, record: { to: 'a.har', mode: 'missing' } }],
    ['--record-once a.har -k', { ...NOTHING, unmatched: 'kill', record: { to: 'a.har', mode: 'once' } }],
    [
      '--redact header.cookie --redact query.token',
      { ...NOTHING, record: { redact: ['header.cookie', 'query.token'] } },
    ],
    [
      '--report r.json --fail-on missed,unused --fail-on forwarded',
      { ...NOTHING, report: 'r.json', failOn: ['missed', 'unused', 'forwarded'] },
    ],
    ['--offline --proxy-auth x:y', { ...NOTHING, offline: true, listen: { proxyAuth: 'x:y' } }],
    ['-R http://a:1 --keep-host', { ...NOTHING, mode: { reverse: 'http://a:1', keepHost: true } }],
    [
      '--mode regular@8080 -m socks5@[::1]:1080',
      { ...NOTHING, listeners: ['regular@8080', 'socks5@[::1]:1080'] },
    ],
    ['-p 0 --host ::1 --allow-lan', { ...NOTHING, listen: { port: 0, host: '::1', allowLan: true } }],
    ['--allow-public', { ...NOTHING, listen: { allowPublic: true } }],
    ['--cert c.pem --key k.pem', { ...NOTHING, upstream: { cert: 'c.pem', key: 'k.pem' } }],
    ['--no-http2', { ...NOTHING, listen: { http2: false }, upstream: { http2: false } }],
    ['--http2', { ...NOTHING, listen: { http2: true }, upstream: { http2: true } }],
    [
      '--ignore-hosts *.bank.example --ignore-hosts /^a/',
      { ...NOTHING, ignoreHosts: ['*.bank.example', '/^a/'] },
    ],
    ['--insecure --ca ca.pem', { ...NOTHING, upstream: { insecure: true, ca: 'ca.pem' } }],
    [
      '--upstream-proxy socks5h://u:p@127.0.0.1:1080 --no-proxy localhost,.corp.example --noproxy 10.0.0.0/8',
      {
        ...NOTHING,
        upstream: {
          proxy: 'socks5h://u:p@127.0.0.1:1080',
          noProxy: ['localhost', '.corp.example', '10.0.0.0/8'],
        },
      },
    ],
    ['--addon a.ts --addon b.js', { ...NOTHING, addons: ['a.ts', 'b.js'] }],
  ];
  for (const [args, config] of cases) {
    it(args || 'none', () => assert.deepEqual(parse(...args.split(' ').filter(Boolean)), config));
  }

  it('are what messages name', () => {
    assert.throws(() => parse('--port', 'x'), /^ConfigError: --port is 'x', but must be/);
    assert.throws(
      () => parse('--rheader', 'a b'),
      /^ConfigError: --rheader is 'a b', but must be a header name$/,
    );
    assert.throws(() => parse('--unmatched', '42'), /^ConfigError: --unmatched is 42, but must be/);
    assert.throws(
      () => parse('--speed', '-1'),
      /^ConfigError: --speed is '-1', but must be a number, 0 or above$/,
    );
    assert.throws(() => parse('--fail-on', 'missed,x'), /^ConfigError: --fail-on is 'x', but must be missed/);
    assert.throws(
      () => parse('--upstream-proxy', 'ftp://me:secret@h'),
      /^ConfigError: --upstream-proxy: upstream proxy "ftp:\/\/…@h" has the scheme ftp;/,
    );
    assert.throws(
      () => parse('--no-proxy', 'a,10.0.0.0/99'),
      /^ConfigError: --no-proxy: "10\.0\.0\.0\/99" is no/,
    );
    assert.throws(
      () => parse('--mode', 'socks'),
      /^ConfigError: --mode: listener "socks" has no mode that there is;/,
    );
    assert.throws(
      () => parse('--ignore-hosts', '^a$'),
      /^ConfigError: --ignore-hosts: "\^a\$" is no host; write it like/,
    );
    assert.throws(() => parse('-R', 'shop'), /^ConfigError: --reverse: origin "shop" has no scheme/);
  });
});
