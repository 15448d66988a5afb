import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AuthorityFiles } from '../../src/transport/authority-files';
import { openAuthorityPair } from '../../src/transport/authority-pair';
import { mintAuthority } from '../../src/transport/mint';
import { useTemporaryFolder } from './temporary-folder';

const NOW = Date.UTC(2026, 0, 15);
const YEAR = 366 * 24 * 60 * 60 * 1000;

describe('openAuthorityPair', () => {
  const path = useTemporaryFolder();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyPem = privateKey.export({ type: 'pkcs1', format: 'pem' });
  const certificatePem = mintAuthority(privateKey, { now: NOW, serial: Buffer.of(1) });

  function given(contents: {
    key?: string | Buffer;
    certificate?: string;
    publicKey?: string;
  }): AuthorityFiles {
    const files = new AuthorityFiles(path(), process.getuid?.());
    mkdirSync(path('keys'), { mode: 0o700 });
    mkdirSync(path('certs'), { mode: 0o700 });
    if (contents.key !== undefined) writeFileSync(files.privateKey, contents.key, { mode: 0o600 });
    if (contents.publicKey !== undefined) writeFileSync(files.publicKey, contents.publicKey);
    if (contents.certificate !== undefined) writeFileSync(files.certificate, contents.certificate);
    return files;
  }

  it('makes key, public key and certificate where there are none, and reads the same ones later', async () => {
    const files = new AuthorityFiles(path('new'), process.getuid?.());
    const made = await openAuthorityPair(files, NOW);
    const written = statSync(files.publicKey).mtimeMs;
    const read = await openAuthorityPair(files, NOW + 1);
    assert.equal(read.certificatePem, made.certificatePem);
    assert.ok(read.privateKey.equals(made.privateKey));
    assert.ok(read.certificate.checkPrivateKey(made.privateKey));
    assert.equal(statSync(files.publicKey).mtimeMs, written, 'a complete CA is only read');
  });

  it('finishes what a start that broke off had begun', async () => {
    const files = given({ key: keyPem });
    const pair = await openAuthorityPair(files, NOW);
    assert.ok(pair.privateKey.equals(privateKey));
    assert.equal(readFileSync(files.certificate, 'latin1'), pair.certificatePem);
  });

  it('puts a missing or foreign public key right', async () => {
    const files = given({ key: keyPem, certificate: certificatePem, publicKey: 'no key' });
    await openAuthorityPair(files, NOW);
    const repaired = readFileSync(files.publicKey, 'latin1');
    assert.match(repaired, /^-----BEGIN PUBLIC KEY-----/);
    rmSync(files.publicKey);
    await openAuthorityPair(files, NOW);
    assert.equal(readFileSync(files.publicKey, 'latin1'), repaired);
  });

  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = (key: typeof otherKey) => key.export({ type: 'pkcs8', format: 'pem' });

  for (const [what, contents, now, code, message] of [
    [
      'a certificate without its key',
      { certificate: certificatePem },
      NOW,
      'ERR_CA_MISMATCH',
      /^CA key .*private\.key: missing.*delete/,
    ],
    [
      'a broken key',
      { key: 'garbage', certificate: certificatePem },
      NOW,
      'ERR_CA_BROKEN',
      /^CA key .*private\.key: no usable RSA key/,
    ],
    ['an empty key', { key: '' }, NOW, 'ERR_CA_BROKEN', /^CA key /],
    ['a key that is not RSA', { key: pem(ecKey) }, NOW, 'ERR_CA_BROKEN', /it is ec, not rsa/],
    [
      'a broken certificate',
      { key: keyPem, certificate: certificatePem.slice(0, 400) },
      NOW,
      'ERR_CA_BROKEN',
      /^CA certificate .*ca\.pem: no certificate/,
    ],
    ['an empty certificate', { key: keyPem, certificate: '' }, NOW, 'ERR_CA_BROKEN', /^CA certificate /],
    [
      'a pair of two CAs',
      { key: pem(otherKey), certificate: certificatePem },
      NOW,
      'ERR_CA_MISMATCH',
      /does not belong to the key .*private\.key/,
    ],
    [
      'an expired certificate',
      { key: keyPem, certificate: certificatePem },
      NOW + 10 * YEAR,
      'ERR_CA_EXPIRED',
      /expired on Jan 15 .* 2036 GMT; delete it/,
    ],
    [
      'a certificate from the future',
      { key: keyPem, certificate: certificatePem },
      NOW - YEAR,
      'ERR_CA_EXPIRED',
      /not valid before Jan 14 .* 2026 GMT; check the clock/,
    ],
  ] as const) {
    it(`refuses ${what} in one line and changes neither file`, async () => {
      const files = given(contents);
      await assert.rejects(openAuthorityPair(files, now), (thrown: Error & { code?: string }) => {
        assert.equal(thrown.name, 'ConfigError');
        assert.equal(thrown.code, code);
        assert.match(thrown.message, message);
        assert.doesNotMatch(thrown.message, /\n/);
        return true;
      });
      if ('key' in contents) assert.equal(readFileSync(files.privateKey, 'latin1'), contents.key.toString());
      if ('certificate' in contents)
        assert.equal(readFileSync(files.certificate, 'latin1'), contents.certificate);
    });
  }
});
