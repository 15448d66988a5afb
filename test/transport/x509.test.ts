import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import * as der from '../../src/transport/der';
import { certificatePem, distinguishedName, extension, signCertificate } from '../../src/transport/x509';

describe('X.509 certificates', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('are read by Node with the contents that were given', () => {
    const name = distinguishedName([
      ['2.5.4.10', 'Müller & Töchter'],
      ['2.5.4.3', 'Test'],
    ]);
    const raw = signCertificate(
      {
        serial: Buffer.from('00ff01', 'hex'),
        issuer: name,
        subject: name,
        notBefore: Date.UTC(2049, 0, 1),
        notAfter: Date.UTC(2051, 0, 1),
        publicKey,
        extensions: [extension('2.5.29.19', der.sequence(der.boolean(true)), true)],
      },
      privateKey,
    );
    const certificate = new X509Certificate(certificatePem(raw));
    assert.deepEqual(certificate.raw, raw);
    assert.equal(certificate.serialNumber, 'FF01');
    assert.equal(certificate.subject, 'O=Müller & Töchter\nCN=Test');
    assert.equal(Date.parse(certificate.validFrom), Date.UTC(2049, 0, 1));
    assert.equal(Date.parse(certificate.validTo), Date.UTC(2051, 0, 1));
    assert.ok(certificate.ca);
    assert.ok(certificate.verify(publicKey));
    assert.ok(certificate.checkIssued(certificate));
  });

  it('mark an extension as critical only when asked', () => {
    assert.equal(extension('2.5.29.19', der.nothing()).toString('hex'), '30090603551d1304020500');
    assert.equal(extension('2.5.29.19', der.nothing(), true).toString('hex'), '300c0603551d130101ff04020500');
  });

  it('have PEM lines of at most 64 characters', () => {
    const lines = certificatePem(Buffer.alloc(100)).split('\n');
    assert.deepEqual(
      lines.map((line) => line.length),
      [27, 64, 64, 8, 25, 0],
    );
  });
});
