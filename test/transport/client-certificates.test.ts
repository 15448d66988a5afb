import assert from 'node:assert/strict';
import type { TLSSocket } from 'node:tls';
import { generateKeyPairSync } from 'node:crypto';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { ClientCertificates } from '../../src/transport/client-certificates';
import { DEFAULT_LIMITS } from '../../src/transport/options';
import { createUpstream, type Upstream } from '../../src/transport/upstream';
import { Http2Origin } from '../support/http2-origin';
import { contentOf, send } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';

describe('ClientCertificates', () => {
  let authority: CertificateAuthority;
  before(async () => (authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now)));

  it('are chosen by host, the first that fits', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => authority.leafFor(`${name}.example`));
    const certificates = new ClientCertificates([
      { host: 'Shop.Example.', ...a! },
      { host: '*.example', cert: `${b!.cert}${b!.key}` },
      { host: '::1', ...c! },
    ]);
    assert.equal(certificates.of('shop.example')?.cert, a!.cert);
    assert.equal(certificates.of('SHOP.example.')?.key, a!.key);
    assert.equal(certificates.of('a.shop.example')?.cert, `${b!.cert}${b!.key}`);
    assert.equal(certificates.of('::1')?.cert, c!.cert);
    for (const host of ['example', 'shop.example.org', 'myexample'])
      assert.equal(certificates.of(host), undefined);
    assert.equal(new ClientCertificates([{ host: '*', ...a! }]).of('anything')?.cert, a!.cert);
  });

  it('are refused when they cannot be read, have no key, or another one', () => {
    const { cert, key } = authority.leafFor('a.example');
    const other = authority.leafFor('b.example').key;
    const encrypted = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'open' },
    }).privateKey;
    const refused = (init: { cert: string; key?: string; passphrase?: string }, message: RegExp) =>
      assert.throws(() => new ClientCertificates([{ host: 'h', ...init }]), { name: 'ConfigError', message });
    refused({ cert: 'none', key }, /^the client certificate for h is none; give PEM/);
    refused({ cert }, /^the client certificate for h has no private key; give PEM/);
    refused({ cert, key: other }, /^the client certificate for h and its key do not belong together/);
    refused({ cert, key: encrypted }, /has an encrypted key that its passphrase does not open/);
    refused(
      { cert, key: encrypted, passphrase: 'wrong' },
      /has an encrypted key that its passphrase does not open/,
    );
    refused({ cert, key: encrypted, passphrase: 'open' }, /do not belong together/);
    refused(
      { cert, key: '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----' },
      /or its key cannot be read \(/,
    );
  });
});

describe('a server that asks for a client certificate', () => {
  const origins: Http2Origin[] = [];
  const upstreams: Upstream[] = [];
  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
    await Promise.all(origins.splice(0).map((origin) => origin.stop()));
  });

  for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`gets ours over HTTP/2 and HTTP/1.1 with ${protocol}, and nothing where it is for others`, async () => {
      const authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
      const mine = authority.leafFor('client.example');
      const origin = await Http2Origin.start('https', () => {}, {
        requestCert: true,
        // Our leaves are for servers only, so that who it is has to be looked at here.
        rejectUnauthorized: false,
        ca: authority.certificatePem,
        allowHTTP1: true,
        minVersion: protocol,
        maxVersion: protocol,
      });
      origins.push(origin);
      origin.server.on('request', (request, response) => {
        const { subjectaltname = 'nobody' } = (request.socket as TLSSocket).getPeerCertificate() as {
          subjectaltname?: string;
        };
        response.end(`${request.httpVersion} ${subjectaltname}`);
      });
      for (const http2 of [true, false]) {
        const client = (clientCertificates: { host: string; cert: string; key: string }[]) => {
          const options = { insecure: false, ca: authority.certificatePem, http2, clientCertificates };
          const upstream = createUpstream(options, DEFAULT_LIMITS, Date.now);
          upstreams.push(upstream);
          return send(upstream, origin.request()).then(contentOf);
        };
        const version = http2 ? '2.0' : '1.1';
        assert.equal(await client([{ host: '127.0.0.1', ...mine }]), `${version} DNS:client.example`);
        assert.equal(await client([{ host: 'other.example', ...mine }]), `${version} nobody`);
      }
    });
  }

  it('is named when it refuses us because there is none', async () => {
    const authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
    const options = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
    const origin = await Http2Origin.start('https', () => {}, { ...options, allowHTTP1: true });
    origins.push(origin);
    const upstream = createUpstream(
      { insecure: false, ca: authority.certificatePem },
      DEFAULT_LIMITS,
      Date.now,
    );
    upstreams.push(upstream);
    await assert.rejects(
      send(upstream, origin.request()),
      /^UpstreamError: 127\.0\.0\.1:\d+ refused the TLS handshake: it wants a client certificate/,
    );
  });
});
