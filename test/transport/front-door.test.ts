import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { RawClient } from '../support/raw-client';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport } from '../support/transport';

const CLOSE = 'Connection: close\r\n\r\n';
const ca = () => readFileSync(join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');
const reverse = { scheme: 'http', host: 'origin.example', port: 3000 } as const;

describe('the front door', () => {
  afterEach(closeTransports);

  it('ends TLS in reverse mode, with a certificate for the name that is asked for', async () => {
    const { open, seen } = await startTransport({ options: { reverse } });
    const client = await (await open()).secure({ ca: ca(), servername: 'alias.example' });
    const answer = await client.send(`GET /a HTTP/1.1\r\nHost: alias.example\r\n${CLOSE}`).end();
    assert.match(answer, /GET http:\/\/origin\.example:3000\/a\n$/);
    assert.equal(seen[0]?.request.headers.get('host'), 'origin.example:3000');
  });

  it('shows who asks for no name a certificate for the address', async () => {
    const { open } = await startTransport({ options: { reverse } });
    const client = await (await open()).secure({ ca: ca(), host: '127.0.0.1' });
    assert.equal((client.socket as TLSSocket).getPeerCertificate().subjectaltname, 'IP Address:127.0.0.1');
    client.close();
  });

  it('lets a regular proxy be asked over TLS, tunnels and all', async () => {
    const { open } = await startTransport();
    const secure = async () => (await open()).secure({ ca: ca(), servername: 'proxy.example' });
    const get = `GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${CLOSE}`;
    assert.match(await (await secure()).send(get).end(), /GET http:\/\/a\.example\/\n$/);
    const tunnel = (await secure()).send('CONNECT b.example:443 HTTP/1.1\r\nHost: b\r\n\r\n');
    await tunnel.until(/\r\n\r\n/);
    const inner = await tunnel.clear().secure({ ca: ca(), servername: 'b.example' });
    const answer = await inner.send(`GET /in HTTP/1.1\r\nHost: b.example\r\n${CLOSE}`).end();
    assert.match(answer, /GET https:\/\/b\.example\/in\n$/);
  });

  it('speaks HTTP/1.1 only where HTTP/2 is off', async () => {
    const { open } = await startTransport({ options: { reverse, http2: false } });
    const plain = (await open()).send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    assert.match(
      await plain.end(),
      /^HTTP\/1\.1 400 [^]*HTTP\/2 is not spoken on this connection; use HTTP\/1\.1\n$/,
    );
    const offer = { ca: ca(), servername: 'a.example', ALPNProtocols: ['h2', 'http/1.1'] };
    const secured = await (await open()).secure(offer);
    assert.equal((secured.socket as TLSSocket).alpnProtocol, 'http/1.1');
    secured.close();
  });

  it('knows the session of who comes through a port of its own, over TLS too', async () => {
    const sessions: string[] = [];
    const { transport, open } = await startTransport({
      options: { reverse },
      exchange: (_, client) => {
        sessions.push(client.session);
        client.kill();
        return Promise.resolve();
      },
    });
    const own = await transport.openSession('mine');
    const secured = await (await RawClient.open(own)).secure({ ca: ca(), servername: 'a.example' });
    const plain = await RawClient.open(own);
    for (const client of [secured, plain, await open()])
      await client.send('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n').end();
    assert.deepEqual(sessions, ['mine', 'mine', '']);
  });

  for (const [what, bytes] of [
    ['nothing', ''],
    ['half a method', 'PO'],
    ['half a preface of HTTP/2', 'PRI * HTTP/2.0\r\n'],
  ] as const) {
    it(`closes on who says ${what}`, async () => {
      const { say } = await startTransport({ limits: { headerTime: 30 } });
      assert.match(await say(bytes), /^HTTP\/1\.1 408 [^]*no whole header block within 0\.03 s\n$/);
    });
  }

  it('closes on who begins a handshake and leaves it at that', async () => {
    const { say } = await startTransport({ limits: { handshake: 30 } });
    assert.equal(await say('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'), '');
  });

  it('takes a request a byte at a time', async () => {
    const { open } = await startTransport({ options: { reverse } });
    const client = await open();
    client.socket.setNoDelay(true);
    for (const byte of `GET /slow HTTP/1.1\r\nHost: a\r\n${CLOSE}`) {
      client.send(byte);
      await new Promise(setImmediate);
    }
    assert.match(await client.end(), /GET http:\/\/origin\.example:3000\/slow\n$/);
  });

  it('lets go of who leaves without a word', async () => {
    const { open } = await startTransport();
    for (const word of ['', 'GE']) {
      const client = (await open()).send(word);
      client.socket.end();
      await client.end();
      await once(client.socket, 'close');
    }
  });
});
