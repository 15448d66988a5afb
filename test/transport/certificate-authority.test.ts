import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CA } from 'http-mitm-proxy/dist/lib/ca';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { filesHaveOwners, useTemporaryFolder } from './temporary-folder';

const DAY = 24 * 60 * 60 * 1000;
const SOURCES = resolve(__dirname, '../../src');
const FILES = ['certs/ca.pem', 'keys/ca.private.key', 'keys/ca.public.key'];

describe('CertificateAuthority.open', () => {
  const path = useTemporaryFolder();
  const contents = (folder: string) => FILES.map((file) => readFileSync(join(folder, file), 'latin1'));

  it('makes a CA on first use and opens the same one later', async () => {
    const first = await CertificateAuthority.open(path('ca'), Date.now);
    const later = await CertificateAuthority.open(path('ca'), Date.now);
    assert.equal(first.certificatePath, path('ca', 'certs', 'ca.pem'));
    assert.equal(first.certificatePem, readFileSync(first.certificatePath, 'latin1'));
    assert.equal(later.certificatePem, first.certificatePem);
  });

  it('keeps everything to its user: folders 0700, files 0600, nothing else left behind', async function () {
    if (!filesHaveOwners) this.skip();
    await CertificateAuthority.open(path('ca'), Date.now);
    const mode = (name: string) => (statSync(path('ca', name)).mode & 0o777).toString(8);
    assert.deepEqual(['.', 'certs', 'keys'].map(mode), ['700', '700', '700']);
    assert.deepEqual(FILES.map(mode), ['600', '600', '600']);
    assert.deepEqual(readdirSync(path('ca'), { recursive: true }).sort(), ['certs', 'keys', ...FILES].sort());
  });

  it('writes a CA that http-mitm-proxy takes for its own and leaves as it is', async () => {
    const authority = await CertificateAuthority.open(path('ca'), Date.now);
    const before = contents(path('ca'));
    const theirs = await promisify<string, CA>(CA.create)(path('ca'));
    assert.equal(
      new X509Certificate(String(theirs.getPem())).fingerprint256,
      new X509Certificate(authority.certificatePem).fingerprint256,
    );
    assert.deepEqual(contents(path('ca')), before);
  });

  it('gives everybody who opens it at once in one process the same CA', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => CertificateAuthority.open(path('ca'), Date.now)),
    );
    assert.equal(new Set(all.map((authority) => authority.certificatePem)).size, 1);
    const leaf = new X509Certificate(all[3]?.leafFor('a.example').cert ?? '');
    assert.ok(leaf.verify(new X509Certificate(all[7]?.certificatePem ?? '').publicKey));
  });

  it('gives twenty processes that start at once the same CA', async function () {
    this.timeout(60_000);
    const script = path('js', 'open.js');
    compileTo(path('js'), [
      'errors.ts',
      ...readdirSync(join(SOURCES, 'transport')).map((file) => `transport/${file}`),
    ]);
    writeFileSync(
      script,
      `require('./transport/certificate-authority').CertificateAuthority.open(process.argv[2], Date.now)
        .then((authority) => console.log(authority.certificatePem + authority.leafFor('a.example').cert));`,
    );
    const run = () => promisify(execFile)(process.execPath, [script, path('ca')]);
    const outputs = await Promise.all(Array.from({ length: 20 }, run));
    const pems = outputs.map(({ stdout }) => stdout.split(/(?<=-----END CERTIFICATE-----\n)/));
    assert.equal(new Set(pems.map(([authority]) => authority)).size, 1);
    const { publicKey } = new X509Certificate(readFileSync(path('ca', 'certs', 'ca.pem')));
    for (const [, leaf] of pems) assert.ok(new X509Certificate(leaf ?? '').verify(publicKey));
    assert.deepEqual(readdirSync(path('ca')).sort(), ['certs', 'keys']);
  });

  it('refuses a key that others can read', async function () {
    if (!filesHaveOwners) this.skip();
    await CertificateAuthority.open(path('ca'), Date.now);
    chmodSync(path('ca', 'keys', 'ca.private.key'), 0o644);
    await assert.rejects(CertificateAuthority.open(path('ca'), Date.now), {
      name: 'ConfigError',
      code: 'ERR_CA_EXPOSED',
      message: /^CA key .*ca\.private\.key: others can use it \(mode 0644\); chmod 600 it[^\n]*$/,
    });
  });

  function compileTo(folder: string, files: string[]): void {
    mkdirSync(join(folder, 'transport'), { recursive: true });
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const { outputText } = transpileModule(readFileSync(join(SOURCES, file), 'utf8'), { compilerOptions });
      writeFileSync(join(folder, file.replace(/ts$/, 'js')), outputText);
    }
  }
});

describe('CertificateAuthority leaves', () => {
  const path = useTemporaryFolder();
  let time = Date.now();
  let authority: CertificateAuthority;
  beforeEach(async () => {
    authority = await CertificateAuthority.open(path('ca'), () => time);
  });

  it('are minted once a host, however it is spelled', () => {
    const leaf = authority.leafFor('Shop.Example');
    assert.equal(authority.leafFor('shop.example.'), leaf);
    assert.notEqual(authority.leafFor('www.shop.example').cert, leaf.cert);
    assert.equal(authority.leafFor('[::1]'), authority.leafFor('0:0:0:0:0:0:0:1'));
    assert.equal(new X509Certificate(leaf.cert).subjectAltName, 'DNS:shop.example');
  });

  it('have a secure context that is made once', () => {
    const context = authority.secureContextFor('shop.example');
    assert.equal(authority.secureContextFor('SHOP.example'), context);
    assert.notEqual(authority.secureContextFor('other.example'), context);
  });

  it('are kept for the thousand hosts used last', () => {
    const first = authority.leafFor('0.example');
    const second = authority.leafFor('1.example');
    for (let i = 2; i < 1000; i++) authority.leafFor(`${i}.example`);
    assert.equal(authority.leafFor('0.example'), first);
    authority.leafFor('one-more.example');
    assert.equal(authority.leafFor('0.example'), first);
    assert.notEqual(authority.leafFor('1.example'), second);
  });

  it('are renewed long before they expire', () => {
    const first = authority.leafFor('shop.example');
    const context = authority.secureContextFor('shop.example');
    time += 29 * DAY;
    assert.equal(authority.leafFor('shop.example'), first);
    time += 2 * DAY;
    const renewed = new X509Certificate(authority.leafFor('shop.example').cert);
    assert.ok(Date.parse(renewed.validTo) > time + 43 * DAY);
    assert.notEqual(authority.secureContextFor('shop.example'), context);
  });

  it('are refused for what is no host, and write no file for any', () => {
    for (const host of ['../x', '*.example.com', '', 'a\0b']) {
      assert.throws(() => authority.leafFor(host), { name: 'ReplayError', code: 'ERR_CERTIFICATE_HOST' });
      assert.throws(() => authority.secureContextFor(host), { code: 'ERR_CERTIFICATE_HOST' });
    }
    for (const host of ['__proto__', 'ca', 'constructor']) assert.ok(authority.leafFor(host).cert);
    assert.deepEqual(readdirSync(path('ca'), { recursive: true }).sort(), ['certs', 'keys', ...FILES].sort());
  });
});
