import { createPublicKey, type KeyObject } from 'node:crypto';
import { generalNames } from './certificate-host';
import * as der from './der';
import { keyIdentifierOf, SUBJECT_KEY_IDENTIFIER, type Issuer } from './issuer';
import { certificatePem, distinguishedName, extension, signCertificate } from './x509';

/** What changes from one certificate to the next: `now` in epoch milliseconds, `serial` as 1 to 20 random bytes. */
export interface Issue {
  readonly now: number;
  readonly serial: Uint8Array;
}

const DAY = 24 * 60 * 60 * 1000;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
// RFC 5280 appendix A: ub-common-name.
const LONGEST_COMMON_NAME = 64;

/** The PEM of a self-signed CA that may sign leaves but no further CA: ten years, backdated by a day. */
export function mintAuthority(privateKey: KeyObject, issue: Issue): string {
  const publicKey = createPublicKey(privateKey);
  const identifier = keyIdentifierOf(publicKey);
  // Two authorities in one trust store can be told apart by name.
  const label = `replay-proxy CA ${identifier.toString('hex', 0, 4)}`;
  const name = distinguishedName([
    [ORGANIZATION, 'replay-proxy'],
    [COMMON_NAME, label],
  ]);
  const notAfter = new Date(issue.now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + 10);
  return certificatePem(
    signCertificate(
      {
        serial: positive(issue.serial),
        issuer: name,
        subject: name,
        notBefore: issue.now - DAY,
        notAfter: notAfter.getTime(),
        publicKey,
        extensions: [
          extension('2.5.29.19', der.sequence(der.boolean(true), der.integer(Buffer.of(0))), true),
          // keyCertSign and cRLSign: bits 5 and 6, the last one unused (RFC 5280 §4.2.1.3).
          extension('2.5.29.15', der.bitString(Buffer.of(0b0000_0110), 1), true),
          extension(SUBJECT_KEY_IDENTIFIER, der.octetString(identifier)),
        ],
      },
      privateKey,
    ),
  );
}

/** The PEM of a server certificate for one canonical host: 45 days of which one is past, never beyond its issuer's end. */
export function mintLeaf(host: string, publicKey: KeyObject, issuer: Issuer, issue: Issue): string {
  const notBefore = issue.now - DAY;
  const names = generalNames(host);
  const { keyIdentifier } = issuer;
  return certificatePem(
    signCertificate(
      {
        serial: positive(issue.serial),
        issuer: issuer.subject,
        subject: distinguishedName([[COMMON_NAME, host.slice(0, LONGEST_COMMON_NAME)]]),
        notBefore,
        notAfter: Math.min(notBefore + 45 * DAY, issuer.notAfter),
        publicKey,
        extensions: [
          extension('2.5.29.17', names),
          extension('2.5.29.15', der.bitString(Buffer.of(0b1000_0000), 7), true),
          extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))),
          ...(keyIdentifier
            ? [extension('2.5.29.35', der.sequence(der.contextBytes(0, keyIdentifier)))]
            : []),
        ],
      },
      issuer.privateKey,
    ),
  );
}

function positive(serial: Uint8Array): Buffer {
  const bytes = Buffer.from(serial.subarray(0, 20));
  // Neither negative nor zero nor longer than 20 bytes once the sign is counted (RFC 5280 §4.1.2.2).
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
