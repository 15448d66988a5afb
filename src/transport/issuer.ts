import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import { objectIdentifier } from './der';
import { readElement, readElements } from './der-reader';

/** What is needed to sign leaves: the CA's private key, and its Name and key identifier as its certificate has them. */
export interface Issuer {
  readonly privateKey: KeyObject;
  readonly subject: Buffer;
  readonly keyIdentifier: Buffer | undefined;
  /** Last instant at which the CA is valid, epoch milliseconds. */
  readonly notAfter: number;
}

/** The extension that names a certificate's key (RFC 5280 §4.2.1.2). */
export const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/** Reads a CA certificate, made by us or brought along, as an issuer. Throws a RangeError when its DER is broken. */
export function issuerOf(certificate: X509Certificate, privateKey: KeyObject): Issuer {
  const [toBeSigned] = readElements(readElement(certificate.raw).content);
  const fields = readElements(toBeSigned?.content ?? Buffer.alloc(0));
  // The version is absent from version 1, and then all other fields stand one earlier.
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  if (!subject) throw new RangeError('certificate without a subject');
  return {
    privateKey,
    subject: subject.bytes,
    keyIdentifier: subjectKeyIdentifier(fields.find((field) => field.tag === 0xa3)?.content),
    notAfter: Date.parse(certificate.validTo),
  };
}

function subjectKeyIdentifier(extensions: Buffer | undefined): Buffer | undefined {
  if (!extensions) return undefined;
  const wanted = objectIdentifier(SUBJECT_KEY_IDENTIFIER);
  for (const { content } of readElements(readElement(extensions).content)) {
    const parts = readElements(content);
    const value = parts.at(-1);
    if (value && parts[0]?.bytes.equals(wanted)) return readElement(value.content).content;
  }
  return undefined;
}

/** RFC 5280 §4.2.1.2, method 1: SHA-1 of the key's bits without the algorithm around them. */
export function keyIdentifierOf(publicKey: KeyObject): Buffer {
  const info = readElement(publicKey.export({ type: 'spki', format: 'der' })).content;
  const bits = readElements(info)[1]?.content.subarray(1) ?? info;
  return createHash('sha1').update(bits).digest();
}
