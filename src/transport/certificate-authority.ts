import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { AuthorityFiles } from './authority-files';
import { openAuthorityPair, type AuthorityPair } from './authority-pair';
import { canonicalHost } from './certificate-host';
import { issuerOf, type Issuer } from './issuer';
import { LruMap } from './lru-map';
import { mintLeaf } from './mint'; // late

/** A server certificate and its private key, both PEM. */
export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

interface CachedLeaf extends Leaf {
  /** Epoch milliseconds after which a fresh one is minted. */
  readonly renewAt: number;
  context?: SecureContext;
}

const CACHED_HOSTS = 1000;
// Leaves live for 44 days from when they are minted: a proxy that runs for months must not serve an expired one.
const RENEW_AFTER = 30 * 24 * 60 * 60 * 1000;

/** The user's own certificate authority, and the server certificates that it mints for hosts. */
export class CertificateAuthority {
  /** The CA's certificate, which clients must trust. */
  readonly certificatePem: string;
  /** The file that holds it, as an absolute path. */
  readonly certificatePath: string;

  readonly #issuer: Issuer;
  readonly #now: () => number;
  readonly #leaves = new LruMap<string, CachedLeaf>(CACHED_HOSTS);

  private constructor(pair: AuthorityPair, certificatePath: string, now: () => number) {
    this.certificatePem = pair.certificatePem;
    this.certificatePath = certificatePath;
    this.#issuer = issuerOf(pair.certificate, pair.privateKey);
    this.#now = now;
  }

  /**
   * Opens the authority kept in a folder, making folder, key and certificate when they are not there; however many
   * processes do so at once, they get the same one. `now` returns epoch milliseconds.
   * Throws a ConfigError, `ERR_CA_…`, for files that others can use, that cannot be read or written, that do not belong
   * together or that have expired.
   */
  static async open(folder: string, now: () => number): Promise<CertificateAuthority> {
    const files = new AuthorityFiles(resolve(folder), process.getuid?.());
    return new CertificateAuthority(await openAuthorityPair(files, now()), files.certificate, now);
  }

  /**
   * The certificate for a host name or IP address, minted at first use and kept for the 1,000 hosts used last.
   * Throws a ReplayError, `ERR_CERTIFICATE_HOST`, for what no certificate can be made for.
   */
  leafFor(host: string): Leaf {
    return this.#cachedLeaf(host);
  }

  /** The same certificate, ready for a TLS server. Throws as `leafFor` does. */
  secureContextFor(host: string): SecureContext {
    const leaf = this.#cachedLeaf(host);
    return (leaf.context ??= createSecureContext({ key: leaf.key, cert: leaf.cert }));
  }

  #cachedLeaf(host: string): CachedLeaf {
    const name = canonicalHost(host);
    const now = this.#now();
    const cached = this.#leaves.get(name);
    if (cached && now < cached.renewAt) return cached;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const leaf: CachedLeaf = {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: mintLeaf(name, publicKey, this.#issuer, { now, serial: randomBytes(16) }),
      renewAt: now + RENEW_AFTER,
    };
    this.#leaves.set(name, leaf);
    return leaf;
  }
}
