import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Body } from '../../src/http/body';
import { HttpResponse } from '../../src/http/response';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport, type TestTransport } from '../support/transport';

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const HOST = 'Host: a.example\r\n';

/** Everything in the authority's folder, with the modes of its keys. */
function authorityFiles(): string[] {
  const folder = sharedAuthorityFolder();
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** What each of these does to http-mitm-proxy 1.1.0 alone: DESIGN, "how far to trust it". */
describe('what kills the engine does not reach it', () => {
  let test: TestTransport;
  beforeEach(async () => (test = await startTransport()));
  afterEach(async () => {
    // Whatever was sent, another client is served.
    const answer = await test.say(
      `GET http://ok.example/ HTTP/1.1\r\nHost: ok.example\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 200 OK/);
    await closeTransports();
  });

  for (const [name, bytes, status] of [
    ['a port above 65535', `GET http://127.0.0.1:99999/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['CONNECT to __proto__', `CONNECT __proto__:443 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['CONNECT out of its folder', `CONNECT ../../x:443 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['CONNECT to ca', `CONNECT ca:443 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an upgrade in origin-form', `GET / HTTP/1.1\r\n${HOST}${UPGRADE}`, 400],
    ['an upgrade to a port above 65535', `GET http://127.0.0.1:99999/ HTTP/1.1\r\n${HOST}${UPGRADE}`, 400],
    ['no Host on HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 400],
    ['a Host that is no URL', 'GET / HTTP/1.1\r\nHost: http://[\r\n\r\n', 400],
  ] as const) {
    it(name, async () => {
      const before = authorityFiles();
      assert.match(await test.say(bytes), new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.deepEqual(authorityFiles(), before);
      assert.equal(test.seen.length, 0);
    });
  }

  it('an upgrade is an exchange like others', async () => {
    const client = (await test.open()).send(`GET http://127.0.0.1:1/ HTTP/1.1\r\n${HOST}${UPGRADE}`);
    await client.until(/^HTTP\/1\.1 200 /);
    client.close();
    assert.equal(test.seen.length, 1);
  });

  it('an upgrade inside a tunnel', async () => {
    const client = (await test.open()).send(`CONNECT a.example:80 HTTP/1.1\r\n${HOST}\r\n`);
    await client.until(/\r\n\r\n/);
    await client
      .clear()
      .send(`GET / HTTP/1.1\r\n${HOST}${UPGRADE}`)
      .until(/^HTTP\/1\.1 200 /);
    client.close();
  });

  it('an upstream that breaks off: nothing is added to the body', async () => {
    async function* chunks(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('begun'));
      throw new Error('read ECONNRESET');
    }
    const { say } = await startTransport({
      exchange: () => Promise.resolve(new HttpResponse({ body: Body.stream(chunks()) })),
    });
    const answer = await say(`GET http://a.example/ HTTP/1.1\r\n${HOST}\r\n`);
    assert.match(answer, /\r\n\r\n5\r\nbegun\r\n$/);
  });

  it('a key that others can read', function () {
    if (process.platform === 'win32') this.skip();
    const key = join(sharedAuthorityFolder(), 'keys', 'ca.private.key');
    assert.equal(statSync(key).mode & 0o777, 0o600);
  });

  it('header case and duplicates, IPv6 authorities', async () => {
    const lines = ['hOsT', '[::1]:8080', 'X-Dup', '1', 'x-DUP', '2', 'Connection', 'close'];
    const block = lines.map((text, i) => (i % 2 ? `${text}\r\n` : `${text}: `)).join('');
    const answer = await test.say(`GET http://[::1]:8080/ HTTP/1.1\r\n${block}\r\n`);
    assert.match(answer, /GET http:\/\/\[::1\]:8080\/\n$/);
    assert.deepEqual(test.seen[0]?.request.headers.toRaw(), lines);
  });

  it('a host for every server: all share the one port', async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((type) => type === 'TCPServerWrap').length;
    const before = listening();
    for (const host of ['a.example', 'b.example', 'c.example']) {
      const client = (await test.open()).send(`CONNECT ${host}:443 HTTP/1.1\r\n${HOST}\r\n`);
      await client.until(/\r\n\r\n/);
      client.send('\x16\x03\x01').close();
    }
    assert.equal(listening(), before);
  });
});
