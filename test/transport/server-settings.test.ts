import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DEFAULT_LIMITS } from '../../src/transport/options';
import { applySettings } from '../../src/transport/server-settings';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport } from '../support/transport';

const HEAD = 'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n';

describe('the settings of the server', () => {
  afterEach(closeTransports);

  it('give a header block its time and no more, inside TLS too', async () => {
    const { open, say } = await startTransport({ limits: { headerTime: 60 } });
    assert.match(
      await say('GET http://a.exa'),
      /^HTTP\/1\.1 408 [^]*no whole header block within 0\.06 s\n$/,
    );
    const tunnel = (await open()).send('CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n');
    await tunnel.until(/\r\n\r\n/);
    const ca = readFileSync(join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');
    const secured = await tunnel.secure({ ca, servername: 'a.example' });
    assert.match(await secured.send('GET / HT').end(), /^HTTP\/1\.1 408 /);
  });

  it('keep the parser strict, whatever Node was started with', async () => {
    // As `node --insecure-http-parser` has every server.
    const server = createServer({ insecureHTTPParser: true }, (_, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    applySettings(server, DEFAULT_LIMITS);
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write(
      `${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
    );
    assert.match(await text(client), /^HTTP\/1\.1 400 /);
    server.close();
  });

  it('limit the header block', async () => {
    const { say } = await startTransport({ limits: { headerBlock: 2048 } });
    const answer = await say(`${HEAD}X: ${'x'.repeat(4000)}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 431 [^]*longer than 2048 bytes\n$/);
    assert.match(await say(`${HEAD}X: ${'x'.repeat(1000)}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 200 /);
  });

  it('take as many header lines as fit', async () => {
    const { say, seen } = await startTransport();
    await say(`${HEAD}${'a: b\r\n'.repeat(5000)}Connection: close\r\n\r\n`);
    assert.equal(seen[0]?.request.headers.size, 5002);
  });

  it('close connections that are idle', async () => {
    const { open } = await startTransport({ limits: { idle: 20 } });
    const client = (await open()).send(`${HEAD}\r\n`);
    assert.match(await client.end(), /^HTTP\/1\.1 200 /);
  });

  for (const [name, bytes] of Object.entries({
    'a length and chunks': `${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a bare line feed': 'GET http://a.example/ HTTP/1.1\nHost: a.example\n\n\r\n',
    'white space before a colon': `${HEAD}A : b\r\n\r\n`,
    'a folded line': `${HEAD}A: b\r\n c\r\n\r\n`,
    'a NUL in a value': `${HEAD}A: b\x00\r\n\r\n`,
    'two lengths': `${HEAD}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    'a bad chunk': `${HEAD.replace('GET', 'POST')}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
    'an unknown version': 'GET http://a.example/ HTTP/3.7\r\n\r\n',
  })) {
    it(`keep out ${name}`, async () => {
      const { say, seen } = await startTransport({
        exchange: async (_, client) => {
          await client.readBody();
        },
      });
      assert.match(await say(bytes), /^HTTP\/1\.1 400 /);
      assert.ok(seen.every(({ request }) => request.endedAt === undefined));
    });
  }
});
