import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { mapUpstreamFiles, readUpstreamFiles } from '../../src/config/upstream-files';
import { stopProxies, temporaryFolder } from '../support/wire';

const CERT = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n';

describe('the files that say how upstream is reached', () => {
  let folder: string;
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  before(() => (folder = temporaryFolder()));
  after(stopProxies);

  it('are named all', () => {
    const upstream = {
      insecure: true,
      ca: 'ca',
      cert: 'c',
      key: 'k',
      clientCertificates: [
        { host: 'h', cert: 'd', key: 'l' },
        { host: 'i', cert: 'e' },
      ],
    };
    assert.deepEqual(
      mapUpstreamFiles(upstream, (name, what) => `${what} /${name}`),
      {
        insecure: true,
        ca: 'ca /ca',
        cert: 'cert /c',
        key: 'key /k',
        clientCertificates: [
          { host: 'h', cert: 'cert /d', key: 'key /l' },
          { host: 'i', cert: 'cert /e' },
        ],
      },
    );
    assert.deepEqual(mapUpstreamFiles({ http2: false }, String), { http2: false });
  });

  it('are read, and refused when they have nothing of the kind in them', () => {
    const cert = file('cert.pem', CERT);
    const key = file('key.pem', KEY);
    assert.deepEqual(readUpstreamFiles({ cert, key, ca: cert }), { cert: CERT, key: KEY, ca: CERT });
    for (const [upstream, message] of [
      [{ cert: key }, /^client certificate .*key\.pem: no PEM certificate in it; name a file that has/],
      [{ cert, key: cert }, /^client key .*cert\.pem: no PEM private key in it; name a file that has/],
      [{ cert: path.join(folder, 'no.pem') }, /^client certificate .*no\.pem cannot be read \(ENOENT/],
      [{ ca: key }, /^upstream certificates .*key\.pem: no PEM certificate in it/],
    ] as const)
      assert.throws(() => readUpstreamFiles(upstream), { name: 'ConfigError', message });
  });
});
