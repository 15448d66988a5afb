import assert from 'node:assert/strict';
import { parseAuthority } from '../../src/http/authority';
import { noProxyRules, readableRules } from '../../src/transport/no-proxy';

const past = (rule: string, target: string) => noProxyRules([rule])(parseAuthority(target, 443)!);

describe('noProxyRules', () => {
  const cases: [rule: string, past: string[], through: string[]][] = [
    ['*', ['a.example', '10.0.0.1', '[::1]'], []],
    ['localhost', ['localhost', 'LOCALHOST.', 'a.localhost'], ['127.0.0.1', 'notlocalhost']],
    [
      'corp.example',
      ['corp.example', 'a.b.corp.example', 'corp.example:8443'],
      ['xcorp.example', 'corp.example.org'],
    ],
    ['.corp.example', ['corp.example', 'a.corp.example.'], ['xcorp.example']],
    ['*.Corp.example.', ['a.corp.example', 'corp.example'], ['example']],
    ['host:8443', ['host:8443', 'a.host:8443'], ['host', 'host:84']],
    ['10.1.2.3', ['10.1.2.3', '10.1.2.3:80'], ['10.1.2.30', 'a.10.1.2.example']],
    ['10.1.2.3:80', ['10.1.2.3:80'], ['10.1.2.3']],
    ['10.0.0.0/8', ['10.9.9.9'], ['11.0.0.0', 'ten.example', '[::1]']],
    ['0.0.0.0/0', ['10.9.9.9'], ['[::1]', 'a.example']],
    ['::1', ['[::1]', '[0:0:0:0:0:0:0:1]:80'], ['127.0.0.1', '[::2]']],
    ['[::1]:80', ['[::1]:80'], ['[::1]']],
    ['fd00::/8', ['[fd12::1]'], ['[fe80::1]', '10.0.0.1']],
    ['[fd00::]/8', ['[fd12::1]'], []],
  ];
  for (const [rule, those, others] of cases) {
    it(rule, () => {
      for (const target of those) assert.equal(past(rule, target), true, target);
      for (const target of others) assert.equal(past(rule, target), false, target);
    });
  }

  it('are any of a list, and none of an empty one', () => {
    const rules = noProxyRules(['a.example', '::1']);
    assert.deepEqual([rules({ host: '::1', port: 1 }), rules({ host: 'b.example', port: 1 })], [true, false]);
    assert.equal(noProxyRules([])({ host: 'a', port: 1 }), false);
  });

  for (const text of [
    '',
    ' ',
    '10.0.0.0/33',
    '::/129',
    'a.example/8',
    'a:0',
    'a:65536',
    'a:b',
    '[a]',
    '[::1]:x',
    'http://a',
    'a b',
    '**',
    '.',
    '1.2.3.4:',
  ])
    // prettier-ignore
    it(`are not ${JSON.stringify(text)}`, () => {
      assert.throws(() => noProxyRules(['a', text]), { code: 'ERR_CONFIG' });
    });
});

describe('readableRules', () => {
  it('are those of an environment variable that can be read', () => {
    assert.deepEqual(readableRules(' A.example, 10.0.0.0/99,,*.corp ::1\n'), ['a.example', '*.corp', '::1']);
    assert.deepEqual(readableRules(''), []);
  });
});
