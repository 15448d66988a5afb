import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { ConfigError, reasonOf } from '../errors';
import type { AuthorityFiles } from './authority-files';
import { mintAuthority } from './mint'; // late

/** A CA's private key and certificate, known to belong together and to be valid now. */
export interface AuthorityPair {
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
  readonly certificatePem: string;
}

/**
 * Reads the CA from its files, making what is missing. The key comes first and the certificate last: whoever finds a
 * certificate will find its key, and a start that broke off between them is finished by the next one.
 * Throws a ConfigError when the files cannot be used; its `code` starts with `ERR_CA_`.
 */
export async function openAuthorityPair(files: AuthorityFiles, now: number): Promise<AuthorityPair> {
  const existing = await files.read(files.certificate);
  const privateKey = readKey(files, (await files.read(files.privateKey)) ?? (await newKey(files, existing)));
  await keepPublicKey(files, privateKey);
  const certificatePem =
    existing ??
    (await files.placeFirst(files.certificate, mintAuthority(privateKey, { now, serial: randomBytes(16) })));
  const certificate = readCertificate(files, certificatePem);
  check(files, certificate, privateKey, now);
  return { privateKey, certificate, certificatePem };
}

async function newKey(files: AuthorityFiles, certificate: string | undefined): Promise<string> {
  if (certificate !== undefined) {
    throw new ConfigError(
      `CA key ${files.privateKey}: missing, but its certificate is there; put the key back, or delete ${files.certificate} for a new CA`,
      { code: 'ERR_CA_MISMATCH' },
    );
  }
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return files.placeFirst(files.privateKey, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function readKey(files: AuthorityFiles, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`it is ${key.asymmetricKeyType}, not rsa`);
    return key;
  } catch (thrown) {
    throw new ConfigError(
      `CA key ${files.privateKey}: no usable RSA key (${reasonOf(thrown)}); restore it, or delete it and ${files.certificate} for a new CA`,
      { code: 'ERR_CA_BROKEN', cause: thrown },
    );
  }
}

function readCertificate(files: AuthorityFiles, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (thrown) {
    throw new ConfigError(
      `CA certificate ${files.certificate}: no certificate (${reasonOf(thrown)}); restore it, or delete it to have it made again`,
      { code: 'ERR_CA_BROKEN', cause: thrown },
    );
  }
}

function check(
  files: AuthorityFiles,
  certificate: X509Certificate,
  privateKey: KeyObject,
  now: number,
): void {
  const refuse = (code: string, problem: string): never => {
    throw new ConfigError(`CA certificate ${files.certificate}: ${problem}`, { code });
  };
  if (!certificate.checkPrivateKey(privateKey)) {
    refuse(
      'ERR_CA_MISMATCH',
      `does not belong to the key ${files.privateKey}; restore the pair, or delete both for a new CA`,
    );
  }
  if (!certificate.ca) refuse('ERR_CA_BROKEN', 'may not sign certificates; delete it to have it made again');
  if (Date.parse(certificate.validTo) < now) {
    refuse(
      'ERR_CA_EXPIRED',
      `expired on ${certificate.validTo}; delete it for a new one, and trust that one in its place`,
    );
  }
  if (Date.parse(certificate.validFrom) > now) {
    refuse('ERR_CA_EXPIRED', `not valid before ${certificate.validFrom}; check the clock of this machine`);
  }
}

/** http-mitm-proxy reads this file beside the other two; it says nothing that the private key does not. */
async function keepPublicKey(files: AuthorityFiles, privateKey: KeyObject): Promise<void> {
  const publicKey = createPublicKey(privateKey);
  const pem = await files.read(files.publicKey);
  if (pem !== undefined && isSameKey(pem, publicKey)) return;
  await files.replace(files.publicKey, publicKey.export({ type: 'spki', format: 'pem' }).toString());
}

function isSameKey(pem: string, key: KeyObject): boolean {
  try {
    return createPublicKey(pem).equals(key);
  } catch {
    return false;
  }
}
