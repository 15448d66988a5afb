import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { canonicalHost } from '../../src/transport/certificate-host';
import { issuerOf } from '../../src/transport/issuer';
import { mintAuthority, mintLeaf } from '../../src/transport/mint';
import { useTemporaryFolder } from './temporary-folder';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Math.floor(Date.now() / 1000) * 1000;
const LONGEST = `${'abcdefghi.'.repeat(25)}abc`;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('minted certificates', () => {
  const path = useTemporaryFolder();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caPem = mintAuthority(privateKey, { now: NOW, serial: Buffer.alloc(16, 0xff) });
  const ca = new X509Certificate(caPem);
  const issuer = issuerOf(ca, privateKey);
  const leafPem = (host: string, serial: Uint8Array = Buffer.alloc(16, 7), now = NOW) =>
    mintLeaf(canonicalHost(host), leafKeys.publicKey, issuer, { now, serial });

  it('have a CA of ten years that signs itself', () => {
    assert.ok(ca.ca);
    assert.ok(ca.verify(createPublicKey(privateKey)));
    assert.equal(Date.parse(ca.validFrom), NOW - DAY);
    assert.equal(new Date(ca.validTo).getUTCFullYear(), new Date(NOW).getUTCFullYear() + 10);
  });

  it('have leaves of 45 days, one of them past, signed by the CA', () => {
    const leaf = new X509Certificate(leafPem('shop.example'));
    assert.ok(leaf.verify(createPublicKey(privateKey)));
    assert.ok(leaf.checkIssued(ca));
    assert.ok(leaf.checkPrivateKey(leafKeys.privateKey));
    assert.equal(leaf.ca, false);
    assert.equal(Date.parse(leaf.validFrom), NOW - DAY);
    assert.equal(Date.parse(leaf.validTo), NOW + 44 * DAY);
  });

  it('have no leaf that outlives its CA', () => {
    const nearEnd = Date.parse(ca.validTo) - DAY;
    const leaf = new X509Certificate(leafPem('shop.example', Buffer.of(1), nearEnd));
    assert.equal(leaf.validTo, ca.validTo);
  });

  it('cut the common name at 64 characters and have the whole name in the SAN', () => {
    const leaf = new X509Certificate(leafPem(LONGEST));
    assert.equal(leaf.subject, `CN=${LONGEST.slice(0, 64)}`);
    assert.equal(leaf.subjectAltName, `DNS:${LONGEST}`);
  });

  it('have positive serials of at most 20 bytes, whatever bytes were given', () => {
    for (const given of [Buffer.alloc(20, 0xff), Buffer.alloc(16), Buffer.alloc(40, 0x80), Buffer.of(0)]) {
      const serial = new X509Certificate(leafPem('a', given)).serialNumber;
      assert.match(serial, /^[4-7]/);
      assert.ok(serial.length <= 40);
    }
  });

  for (const [what, host, check] of [
    ['a name', 'www.shop.example', 'host'],
    ['one label', 'localhost', 'host'],
    ['an underscore', 'my_app.local', 'host'],
    ['an IPv4 address', '127.0.0.1', 'ip'],
    ['an IPv6 address', '[2001:db8::7]', 'ip'],
    ['a name whose label has 63 characters', `${'a'.repeat(63)}.example`, 'host'],
    ['a name of 64 characters', `${'a'.repeat(31)}.${'b'.repeat(32)}`, 'host'],
    ['a name of 253 characters', LONGEST, 'host'],
    ['punycode', 'xn--bcher-kva.example', 'host'],
    ['a name with other letters', 'bücher.example', 'host'],
  ] as const) {
    it(`satisfy openssl verify -x509_strict for ${what} (skipped without openssl)`, function () {
      if (!hasOpenssl) this.skip();
      writeFileSync(path('ca.pem'), caPem);
      writeFileSync(path('leaf.pem'), leafPem(host));
      const strict = [
        'verify',
        '-x509_strict',
        '-check_ss_sig',
        '-purpose',
        'sslserver',
        '-CAfile',
        path('ca.pem'),
      ];
      const named = [...strict, `-verify_${check === 'ip' ? 'ip' : 'hostname'}`];
      const verify = (name: string) =>
        spawnSync('openssl', [...named, name, path('leaf.pem')], { encoding: 'utf8' });
      const good = verify(canonicalHost(host));
      assert.equal(good.status, 0, good.stderr);
      assert.notEqual(verify(check === 'ip' ? '192.0.2.99' : 'other.example').status, 0);
    });
  }

  it('say what they are for, and nothing more (skipped without openssl)', function () {
    if (!hasOpenssl) this.skip();
    const text = (input: string) =>
      execFileSync('openssl', ['x509', '-noout', '-text'], { input, encoding: 'utf8' });
    const extensions = (input: string) =>
      text(input)
        .match(/X509v3 (?!extensions).*\n.*/g)
        ?.map((line) => line.replace(/\s+/g, ' ').trim());
    const identifier = issuer.keyIdentifier?.toString('hex').toUpperCase().match(/../g)?.join(':');
    assert.deepEqual(extensions(caPem), [
      'X509v3 Basic Constraints: critical CA:TRUE, pathlen:0',
      'X509v3 Key Usage: critical Certificate Sign, CRL Sign',
      `X509v3 Subject Key Identifier: ${identifier}`,
    ]);
    assert.deepEqual(extensions(leafPem('a.example')), [
      'X509v3 Subject Alternative Name: DNS:a.example',
      'X509v3 Key Usage: critical Digital Signature',
      'X509v3 Extended Key Usage: TLS Web Server Authentication',
      `X509v3 Authority Key Identifier: ${identifier}`,
    ]);
    assert.match(text(leafPem('a.example')), /Signature Algorithm: sha256WithRSAEncryption/);
  });
});
