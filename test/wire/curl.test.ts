import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Body } from '../../src/http/body';
import { HttpResponse } from '../../src/http/response';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport, type TestTransport } from '../support/transport';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const EMPTY_REPLY = 52;
const STREAM_RESET = 92;
const PARTIAL_FILE = 18;

describe('curl through the proxy (skipped without curl)', () => {
  before(function () {
    if (spawnSync('curl', ['--version']).status !== 0) this.skip();
  });
  afterEach(closeTransports);

  const ca = () => ['--cacert', join(sharedAuthorityFolder(), 'certs', 'ca.pem')];

  function curl({ transport }: TestTransport, ...args: string[]): Promise<Run> {
    const proxy = `http://127.0.0.1:${transport.address.port}`;
    const all = ['-sS', '--max-time', '8', '--noproxy', '', '-x', proxy, ...args];
    return new Promise((resolve) => {
      execFile('curl', all, { env: { PATH: process.env['PATH'] } }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  it('gets http, https by name and by address, and http inside a tunnel', async () => {
    const test = await startTransport();
    for (const url of [
      'http://a.example/x',
      'https://a.example/x',
      'https://127.0.0.1/x',
      'https://[::1]:8443/x',
    ]) {
      const { stdout, stderr } = await curl(test, ...ca(), url);
      assert.equal(stdout, `GET ${url}\n`, stderr);
    }
    assert.equal((await curl(test, '-p', 'http://a.example/x')).stdout, 'GET http://a.example/x\n');
  });

  it('asks by a method that Node does not know', async () => {
    const test = await startTransport();
    for (const url of ['http://a.example/pot', 'https://a.example/pot'])
      assert.equal((await curl(test, ...ca(), '-X', 'BREW', url, url)).stdout, `BREW ${url}\n`.repeat(2));
    const { stdout } = await curl(test, '-p', '-X', 'BREW', '-d', 'now', 'http://a.example/pot');
    assert.equal(stdout, 'BREW http://a.example/pot\n');
  });

  it('asks for HTTP/2 without TLS and gets on with HTTP/1.1', async () => {
    const test = await startTransport();
    assert.equal((await curl(test, '--http2', 'http://a.example/')).stdout, 'GET http://a.example/\n');
  });

  it('uses one connection for many requests', async () => {
    const ports = new Set<number>();
    const test = await startTransport({
      exchange: async (_, client) => {
        ports.add(client.info.port);
        await client.readBody();
        return new HttpResponse({ body: 'ok' });
      },
    });
    const { stdout } = await curl(
      test,
      ...ca(),
      '-d',
      'form',
      ...['1', '2', '3'].map((n) => `https://a.example/${n}`),
    );
    assert.deepEqual([stdout, ports.size], ['okokok', 1]);
  });

  it('sends a large body and waits for 100 Continue', async () => {
    const test = await startTransport({
      limits: { heldBody: 1000 },
      exchange: async (request, client) => {
        await client.readBody();
        return new HttpResponse({ body: `${request.body.kind} ${request.body.length}` });
      },
    });
    const { stdout } = await curl(
      test,
      '-H',
      'Expect: 100-continue',
      '-d',
      'x'.repeat(60_000),
      'http://a.example/',
    );
    assert.equal(stdout, 'file 60000');
  });

  it('sees nothing of a killed request, http and https', async () => {
    const test = await startTransport({
      exchange: (_, client) => {
        client.kill();
        return Promise.resolve();
      },
    });
    for (const [version, url, code] of [
      ['--http1.1', 'http://a.example/', EMPTY_REPLY],
      ['--http1.1', 'https://a.example/', EMPTY_REPLY],
      ['--http2', 'https://a.example/', STREAM_RESET],
    ] as const)
      assert.equal((await curl(test, ...ca(), version, url)).code, code, `${version} ${url}`);
  });

  it('sees that a body was cut short, HTTP/1.0 inside TLS included', async () => {
    const test = await startTransport({
      exchange: async (_, client) => {
        async function* chunks(): AsyncGenerator<Buffer> {
          yield await Promise.resolve(Buffer.from('begun'));
          await new Promise((resolve) => setTimeout(resolve, 50));
          throw new Error('gone');
        }
        const response = new HttpResponse({ body: Body.stream(chunks()) });
        await client.deliver(response, () => {}, undefined)?.catch(() => {});
      },
    });
    const { code } = await curl(test, ...ca(), '--http1.1', 'https://a.example/');
    assert.equal(code, PARTIAL_FILE);
    assert.equal((await curl(test, ...ca(), '--http2', 'https://a.example/')).code, STREAM_RESET);
    for (const url of ['http://a.example/', 'https://a.example/']) {
      const { code } = await curl(test, ...ca(), '--http1.0', url);
      assert.notEqual(code, 0, url);
    }
  });

  it('that does not trust us is told about, once', async () => {
    const test = await startTransport();
    for (let i = 0; i < 2; i += 1) assert.notEqual((await curl(test, 'https://a.example/')).code, 0);
    assert.equal(test.warnings.length, 1);
    assert.match(
      test.warnings[0] ?? '',
      /does not trust the certificate for a\.example; make it trust .*ca\.pem, or leave that host alone with --ignore-hosts a\.example$/,
    );
  });
});
