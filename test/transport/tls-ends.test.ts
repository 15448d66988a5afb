import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { TlsEnds } from '../../src/transport/tls-ends';
import { closeSocketPairs, socketPair } from '../support/socket-pair';
import { sharedAuthorityFolder } from '../support/temp';
import { useTemporaryFolder } from './temporary-folder';

const BOTH = ['h2', 'http/1.1'];

describe('the ends of TLS', () => {
  const folder = useTemporaryFolder();
  let authority: CertificateAuthority;
  let warnings: string[];
  let ends: TlsEnds;
  before(async () => (authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now)));
  beforeEach(() => {
    warnings = [];
    ends = new TlsEnds({ authority, handshake: 50, warn: (line) => warnings.push(line) });
  });
  afterEach(closeSocketPairs);

  it('give back the secured socket of the one given in', async () => {
    const pairs = [await socketPair(), await socketPair()];
    const secured: string[] = [];
    for (const [i, { ours }] of pairs.entries())
      ends.accept(
        ours,
        'a.example',
        BOTH,
        (socket) => void socket.on('data', (data) => secured.push(`${i}${String(data)}`)),
      );
    for (const { theirs } of pairs) {
      const client = connect({ socket: theirs, ca: authority.certificatePem, servername: 'b.example' });
      await once(client, 'secureConnect');
      assert.equal(client.getPeerCertificate().subjectaltname, 'DNS:b.example');
      client.write('!');
    }
    while (secured.length < 2) await new Promise(setImmediate);
    assert.deepEqual(secured.sort(), ['0!', '1!']);
  });

  it('show clients without SNI a new certificate once the old one is to be renewed', async () => {
    const days = 24 * 60 * 60 * 1000;
    let now = Date.now() - 31 * days;
    const lasting = await CertificateAuthority.open(folder(), () => now);
    const renewing = new TlsEnds({ authority: lasting, handshake: 1_000, warn: () => {} });
    const serialShown = async () => {
      const { ours, theirs } = await socketPair();
      renewing.accept(ours, '127.0.0.1', BOTH, () => {});
      const client = connect({ socket: theirs, ca: lasting.certificatePem, host: '127.0.0.1' });
      await once(client, 'secureConnect');
      return client.getPeerCertificate().serialNumber;
    };
    const first = await serialShown();
    assert.equal(await serialShown(), first);
    now += 31 * days;
    assert.notEqual(await serialShown(), first);
  });

  it('take TLS 1.2 and later, and the protocol that is offered', async () => {
    for (const [version, taken] of [
      ['TLSv1.1', false],
      ['TLSv1.2', true],
      ['TLSv1.3', true],
    ] as const) {
      // prettier-ignore
      const { ours, theirs } = await socketPair();
      const done: TLSSocket[] = [];
      ends.accept(ours, 'a.example', BOTH, (socket) => done.push(socket));
      const client = connect({
        socket: theirs,
        ca: authority.certificatePem,
        servername: 'a.example',
        minVersion: version,
        maxVersion: version,
        ALPNProtocols: ['h2', 'http/1.1'],
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      client.on('error', () => {});
      await new Promise((resolve) => client.once('secureConnect', resolve).once('close', resolve));
      assert.equal(client.getProtocol() === version && client.authorized, taken, version);
      if (taken) assert.equal(client.alpnProtocol, 'h2');
    }
  });

  it('end handshakes that take too long, and those that are none', async () => {
    const slow = await socketPair();
    ends.accept(slow.ours, 'a.example', BOTH, () => assert.fail());
    const wrong = await socketPair();
    ends.accept(wrong.ours, 'a.example', BOTH, () => assert.fail());
    wrong.theirs.write('\x16 this is no handshake, whatever it looks like');
    await Promise.all([once(slow.ours, 'close'), once(wrong.ours, 'close')]);
    assert.deepEqual(warnings, []);
  });

  it('throw for what no certificate can be made for', async () => {
    const { ours } = await socketPair();
    assert.throws(() => ends.accept(ours, '*.example', BOTH, () => {}), { code: 'ERR_CERTIFICATE_HOST' });
  });
});
