import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { issuerOf, keyIdentifierOf } from '../../src/transport/issuer';
import { mintAuthority } from '../../src/transport/mint';
import { certificatePem, distinguishedName, signCertificate } from '../../src/transport/x509';

describe('issuerOf', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.UTC(2026, 0, 1);

  it('reads name, key identifier and end of a CA made by us', () => {
    const pem = mintAuthority(privateKey, { now, serial: Buffer.of(1) });
    const issuer = issuerOf(new X509Certificate(pem), privateKey);
    const label = `replay-proxy CA ${keyIdentifierOf(publicKey).toString('hex', 0, 4)}`;
    assert.deepEqual(
      issuer.subject,
      distinguishedName([
        ['2.5.4.10', 'replay-proxy'],
        ['2.5.4.3', label],
      ]),
    );
    assert.deepEqual(issuer.keyIdentifier, keyIdentifierOf(publicKey));
    assert.equal(issuer.notAfter, Date.UTC(2036, 0, 1));
  });

  it('does without a key identifier where a CA that was brought along has none', () => {
    const subject = distinguishedName([['2.5.4.3', 'Brought along']]);
    const der = signCertificate(
      {
        serial: Buffer.of(1),
        issuer: subject,
        subject,
        notBefore: now,
        notAfter: now,
        publicKey,
        extensions: [],
      },
      privateKey,
    );
    const issuer = issuerOf(new X509Certificate(certificatePem(der)), privateKey);
    assert.deepEqual(issuer.subject, subject);
    assert.equal(issuer.keyIdentifier, undefined);
  });
});
