import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { CertificateAuthority } from '../../src/transport/certificate-authority';

const LONGEST = `${'abcdefghi.'.repeat(25)}abc`;
const NAMES = [
  'www.shop.example',
  'localhost',
  'xn--bcher-kva.example',
  `${'a'.repeat(63)}.example`,
  `${'a'.repeat(31)}.${'b'.repeat(32)}`,
  LONGEST,
];
const has = (command: string) => spawnSync(command, ['--version']).status === 0;

describe('certificates on the wire', () => {
  let folder: string;
  let authority: CertificateAuthority;
  let server: Server;
  let port: number;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'replay-proxy-test-'));
    authority = await CertificateAuthority.open(folder, Date.now);
    server = createServer(
      {
        ...authority.leafFor('127.0.0.1'),
        SNICallback: (name, done) => done(null, authority.secureContextFor(name)),
      },
      (_, response) => response.end('hello'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  after(async () => {
    server.closeAllConnections();
    await promisify(server.close.bind(server))();
    rmSync(folder, { recursive: true });
  });

  for (const name of NAMES) {
    it(`satisfy Node for ${name.slice(0, 70)}`, async () => {
      const socket = connect({ host: '127.0.0.1', port, servername: name, ca: authority.certificatePem });
      await once(socket, 'secureConnect');
      assert.ok(socket.authorized);
      assert.equal(socket.getPeerCertificate().subjectaltname, `DNS:${name}`);
      socket.destroy();
    });

    it(`satisfy curl for ${name.slice(0, 70)} (skipped without curl)`, async function () {
      if (!has('curl')) this.skip();
      assert.equal(await curl(`https://${name}:${port}/`, '--resolve', `${name}:${port}:127.0.0.1`), 'hello');
    });
  }

  it('satisfy Node and curl for an IPv4 address, without SNI', async () => {
    const socket = connect({ host: '127.0.0.1', port, ca: authority.certificatePem });
    await once(socket, 'secureConnect');
    assert.equal(socket.getPeerCertificate().subjectaltname, 'IP Address:127.0.0.1');
    socket.destroy();
    if (has('curl')) assert.equal(await curl(`https://127.0.0.1:${port}/`), 'hello');
  });

  it('satisfy Node for an IPv6 address, without SNI', async () => {
    server.setSecureContext(authority.leafFor('[::1]'));
    // The connection is IPv4 so that machines without IPv6 run this too; the address that is checked is not.
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca: authority.certificatePem,
      checkServerIdentity: () => undefined,
    });
    await once(socket, 'secureConnect');
    server.setSecureContext(authority.leafFor('127.0.0.1'));
    assert.equal(socket.getPeerX509Certificate()?.checkIP('::1'), '::1');
    socket.destroy();
  });

  it('satisfy GnuTLS, for a name and an address (skipped without a wget that has it)', async function () {
    if (!/\+ssl\/gnutls/.test(spawnSync('wget', ['--version'], { encoding: 'utf8' }).stdout ?? ''))
      this.skip();
    const wget = (host: string, ca: string) =>
      promisify(execFile)('wget', ['-qO-', '--no-config', '--no-proxy', '--tries=1', `--ca-certificate=${ca}`, `https://${host}:${port}/`]); // prettier-ignore
    for (const host of ['localhost', '127.0.0.1'])
      assert.equal((await wget(host, authority.certificatePath)).stdout, 'hello');
    await assert.rejects(wget('localhost', '/dev/null'));
  });

  it('do not satisfy a client that does not trust the CA', async () => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost' });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.match(error.code ?? '', /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
  });

  async function curl(...args: string[]): Promise<string> {
    const trust = ['--silent', '--show-error', '--noproxy', '*', '--cacert', authority.certificatePath];
    return (await promisify(execFile)('curl', [...trust, ...args])).stdout;
  }
});
