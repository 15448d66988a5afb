import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ConfigError, reasonOf } from '../errors';

/** What we show to servers that ask who we are (RFC 8446 §4.3.2). */
export interface ClientCertificate {
  /** The servers that it is for: a host, `*.example` for all beneath `example`, or `*`. */
  readonly host: string;
  /** Certificate chain, PEM, the own one first; the key may stand in it, too. */
  readonly cert: string;
  /** Private key, PEM; undefined when it stands in `cert`. */
  readonly key?: string | undefined;
  /** What the key is encrypted with. */
  readonly passphrase?: string | undefined;
}

/** What TLS is told of a certificate. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** Chooses the certificate for a host. */
export class ClientCertificates {
  readonly #all: readonly { readonly fits: (host: string) => boolean; readonly identity: Identity }[];

  /** @throws ConfigError for a certificate or key that cannot be read, or that do not belong together. */
  constructor(certificates: readonly ClientCertificate[]) {
    this.#all = certificates.map((one) => ({ fits: fitting(one.host), identity: checked(one) }));
  }

  /** The first that is for the host. */
  of(host: string): Identity | undefined {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.#all.find(({ fits }) => fits(name))?.identity;
  }
}

function fitting(pattern: string): (host: string) => boolean {
  const wanted = pattern
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '');
  if (wanted === '*') return () => true;
  return wanted.startsWith('*.') ? (host) => host.endsWith(wanted.slice(1)) : (host) => host === wanted;
}

function checked({ host, cert, key = cert, passphrase }: ClientCertificate): Identity {
  const refuse = (problem: string, cause?: unknown) =>
    new ConfigError(`the client certificate for ${host} ${problem}`, { cause });
  if (!cert.includes('-----BEGIN CERTIFICATE-----'))
    throw refuse('is none; give PEM, -----BEGIN CERTIFICATE----- and so on');
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
    throw refuse(
      'has no private key; give PEM, -----BEGIN PRIVATE KEY----- and so on, in the same file or another',
    );
  const identity = { cert, key, ...(passphrase !== undefined && { passphrase }) };
  let belongs: boolean;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey({ key, passphrase }));
    // What Node refuses, servers need not wait for.
    if (belongs) createSecureContext(identity);
  } catch (error) {
    // With a wrong passphrase what comes out may be anything.
    if (/\bENCRYPTED\b/.test(key))
      throw refuse(
        'has an encrypted key that its passphrase does not open; set passphrase in clientCertificates',
        error,
      );
    throw refuse(`or its key cannot be read (${reasonOf(error)}); give both in PEM`, error);
  }
  if (!belongs) throw refuse('and its key do not belong together; give the key that it was made for');
  return identity;
}
