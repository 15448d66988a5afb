import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { UpstreamError } from '../../src/errors';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { DEFAULT_LIMITS } from '../../src/transport/options';
import { createUpstream } from '../../src/transport/upstream';
import { checkCertificates } from '../../src/transport/upstream-socket';
import { HttpRequest } from '../../src/http/request';
import { contentOf, RawOrigin, send } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('a TLS connection to upstream', () => {
  let authority: CertificateAuthority;
  let server: tls.Server;
  let port: number;
  let names: string[];
  const upstreams: ReturnType<typeof createUpstream>[] = [];

  before(async function () {
    this.timeout(30_000);
    authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
  });

  /** Serves with the certificate of `certified`, whatever name is asked for. */
  const serve = async (certified: string) => {
    names = [];
    server = tls.createServer({ ...authority.leafFor(certified) }, (socket) => {
      names.push(socket.servername || 'none');
      socket.on('error', () => {}).on('data', () => socket.write(OK));
    });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };

  const ask = (host: string, options: { insecure?: boolean; ca?: string }) => {
    const upstream = createUpstream({ insecure: false, ...options }, DEFAULT_LIMITS, Date.now);
    upstreams.push(upstream);
    return send(upstream, new HttpRequest({ scheme: 'https', host, port, path: '/' })).then(contentOf);
  };

  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
    server?.close();
  });

  it('is verified against the given authority, with the name that was asked for', async () => {
    await serve('localhost');
    assert.equal(await ask('localhost', { ca: authority.certificatePem }), 'ok');
    assert.deepEqual(names, ['localhost']);
  });

  it('names no server when it goes to an address', async () => {
    await serve('127.0.0.1');
    assert.equal(await ask('127.0.0.1', { ca: authority.certificatePem }), 'ok');
    assert.deepEqual(names, ['none']);
  });

  it('is refused for an authority that is not trusted, with the reason and what to do', async () => {
    await serve('127.0.0.1');
    await assert.rejects(ask('127.0.0.1', {}), (error: unknown) => {
      assert.ok(error instanceof UpstreamError);
      assert.match(
        error.message,
        /^the certificate of 127\.0\.0\.1:\d+ was refused: its issuer is not trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\); .+ --insecure$/,
      );
      return true;
    });
  });

  it('is refused for a certificate of another host', async () => {
    await serve('other.example');
    const asked = ask('127.0.0.1', { ca: authority.certificatePem });
    await assert.rejects(asked, /was refused: it is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
  });

  it('takes any certificate when told to', async () => {
    await serve('other.example');
    assert.equal(await ask('127.0.0.1', { insecure: true }), 'ok');
  });

  it('says that a server does not speak TLS', async () => {
    await serve('127.0.0.1');
    const plain = await RawOrigin.start((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    port = plain.port;
    await assert.rejects(ask('127.0.0.1', {}), /127\.0\.0\.1:\d+ does not speak TLS as https needs it/);
    await plain.stop();
  });
});

describe('checkCertificates', () => {
  it('refuses what is no certificate, before anything is sent', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
    const message =
      'the upstream CA certificates cannot be read; give PEM, -----BEGIN CERTIFICATE----- and so on';
    assert.throws(() => checkCertificates(ca), { name: 'ConfigError', message });
    assert.throws(() => createUpstream({ insecure: false, ca }, DEFAULT_LIMITS, Date.now), { message });
  });
});
