import assert from 'node:assert/strict';
import { canonicalHost, generalNames } from '../../src/transport/certificate-host';

describe('canonicalHost', () => {
  for (const [host, expected] of [
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['localhost', 'localhost'],
    ['my_service.local', 'my_service.local'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['192.0.2.7', '192.0.2.7'],
    ['[2001:DB8:0:0::1]', '2001:db8::1'],
    ['::FFFF:192.0.2.7', '::ffff:c000:207'],
    ['127.1', '127.1'],
    [`${'a'.repeat(63)}.test`, `${'a'.repeat(63)}.test`],
  ] as const) {
    it(`spells ${host} as ${expected}`, () => assert.equal(canonicalHost(host), expected));
  }

  const longest = `${'abcdefghi.'.repeat(25)}abc`;
  it('takes names of 253 characters', () => assert.equal(canonicalHost(longest).length, 253));

  for (const host of [
    '',
    '.',
    '*.example.com',
    'a..b',
    '.a',
    '../x',
    'a/b',
    'a b',
    'a\0b',
    'a\nb',
    'a%41',
    'user@a',
    'a:80',
    'fe80::1%eth0',
    '[fe80::1%25eth0]',
    '[not-an-address]',
    '\u{1f4a9}\0',
    `${longest}d`,
  ]) {
    it(`refuses ${JSON.stringify(host).slice(0, 40)} in one line`, () => {
      assert.throws(
        () => canonicalHost(host),
        (thrown: Error) =>
          'code' in thrown && thrown.code === 'ERR_CERTIFICATE_HOST' && !/[\n\0]/.test(thrown.message),
      );
    });
  }
});

describe('generalNames', () => {
  const hex = (host: string) => generalNames(host).toString('hex');

  it('has a name as dNSName', () => assert.equal(hex('a.b'), '30058203612e62'));
  it('has an IPv4 address as four bytes', () => assert.equal(hex('192.0.2.7'), '30068704c0000207'));

  for (const [address, bytes] of [
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8::', `20010db8${'0'.repeat(24)}`],
    ['2001:db8::1:2', `20010db8${'0'.repeat(16)}00010002`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ] as const) {
    it(`has ${address} as sixteen bytes`, () => assert.equal(hex(address), `30128710${bytes}`));
  }
});
