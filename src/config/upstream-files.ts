import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf } from '../errors';
import type { ProxyOptions } from '../proxy-options';
import type { ReplayConfig } from './define-config';

type Files = NonNullable<ReplayConfig['upstream']>;

/** How upstream is reached, with each file name through `change`. */
export function mapUpstreamFiles<T extends Files>(
  upstream: T,
  change: (path: string, what: keyof Files) => string,
): T {
  const { ca, cert, key, clientCertificates } = upstream;
  return {
    ...upstream,
    ...(ca !== undefined && { ca: change(ca, 'ca') }),
    ...(cert !== undefined && { cert: change(cert, 'cert') }),
    ...(key !== undefined && { key: change(key, 'key') }),
    ...(clientCertificates && {
      clientCertificates: clientCertificates.map((one) => ({
        ...one,
        cert: change(one.cert, 'cert'),
        ...(one.key !== undefined && { key: change(one.key, 'key') }),
      })),
    }),
  };
}

/**
 * How upstream is reached, with what the named files hold.
 * @throws ConfigError for a file that cannot be read or has nothing of the kind in it.
 */
export function readUpstreamFiles(upstream: Files): NonNullable<ProxyOptions['upstream']> {
  return mapUpstreamFiles(upstream, (path, what) => {
    if (what === 'ca') return readPem(path, 'upstream certificates', /-----BEGIN (CERTIFICATE)-----/);
    if (what === 'cert') return readPem(path, 'client certificate', /-----BEGIN (CERTIFICATE)-----/);
    return readPem(path, 'client key', /-----BEGIN [A-Z ]*(PRIVATE KEY)-----/);
  });
}

function readPem(path: string, what: string, pattern: RegExp): string {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    throw new ConfigError(`${what} ${path} cannot be read (${reasonOf(error)}); name a PEM file`, {
      cause: error,
    });
  }
  if (pattern.test(text)) return text;
  const wanted = what === 'client key' ? 'PRIVATE KEY' : 'CERTIFICATE';
  const missing = what === 'client key' ? 'PEM private key' : 'PEM certificate';
  throw new ConfigError(
    `${what} ${path}: no ${missing} in it; name a file that has -----BEGIN ${wanted}-----`,
  );
}
