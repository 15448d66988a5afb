import { sign, type KeyObject } from 'node:crypto';
import * as der from './der';

/** What a certificate says about its holder and its issuer (RFC 5280 §4.1). */
export interface CertificateContents {
  /** Big-endian bytes of a positive number, at most 20 of them (RFC 5280 §4.1.2.2). */
  readonly serial: Uint8Array;
  /** The issuer's Name, DER as in its own certificate: verifiers compare it byte by byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** First and last instant of validity, epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  /** DER extensions, made with `extension()`. */
  readonly extensions: readonly Uint8Array[];
}

const SHA256_WITH_RSA = der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.nothing());
const VERSION_3 = der.context(0, der.integer(Buffer.of(2)));

/** Signs the contents with an RSA key, sha256WithRSAEncryption (RFC 4055 §5), and returns the certificate's DER. */
export function signCertificate(contents: CertificateContents, issuerKey: KeyObject): Buffer {
  const toBeSigned = der.sequence(
    VERSION_3,
    der.integer(contents.serial),
    SHA256_WITH_RSA,
    contents.issuer,
    der.sequence(der.time(contents.notBefore), der.time(contents.notAfter)),
    contents.subject,
    contents.publicKey.export({ type: 'spki', format: 'der' }),
    der.context(3, der.sequence(...contents.extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuerKey);
  return der.sequence(toBeSigned, SHA256_WITH_RSA, der.bitString(signature));
}

/** One extension: its object identifier, its DER value, and whether a verifier that does not know it must refuse. */
export function extension(oid: string, value: Uint8Array, critical = false): Buffer {
  const parts = [der.objectIdentifier(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value)];
  return der.sequence(...parts);
}

/** A Name of one attribute a level, outermost first: `[[oid, text], …]` (RFC 5280 §4.1.2.4). */
export function distinguishedName(attributes: readonly (readonly [oid: string, text: string])[]): Buffer {
  return der.sequence(
    ...attributes.map(([oid, text]) =>
      der.set(der.sequence(der.objectIdentifier(oid), der.utf8String(text))),
    ),
  );
}

/** Certificate DER in PEM armour, 64 characters a line (RFC 7468 §5). */
export function certificatePem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
