import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, isIP, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { respond, kill } from '../../src/core/verdict';
import { HttpResponse } from '../../src/http/response';
import type { RawClient } from '../support/raw-client';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport, type TestTransport } from '../support/transport';

const CLOSE = 'Connection: close\r\n\r\n';
const ESTABLISHED = /^HTTP\/1\.1 200 Connection established\r\n\r\n/;
const ca = () => readFileSync(join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');

async function connectTo({ open }: TestTransport, target: string): Promise<RawClient> {
  const client = (await open()).send(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  await client.until(/\r\n\r\n/);
  return client;
}

const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

describe('a CONNECT tunnel', () => {
  afterEach(closeTransports);

  it('ends TLS with a certificate for the name that the client says', async () => {
    const test = await startTransport();
    const tunnel = await connectTo(test, 'front.example:443');
    assert.match(tunnel.received, ESTABLISHED);
    const secured = await tunnel.secure({ ca: ca(), servername: 'shop.example' });
    const answer = await secured.send(`GET /a HTTP/1.1\r\nHost: shop.example\r\n${CLOSE}`).end();
    assert.match(answer, /GET https:\/\/front\.example\/a\n$/);
    assert.equal(test.seen[0]?.request.headers.get('host'), 'shop.example');
  });

  for (const target of ['127.0.0.1:8443', '[::1]:8443', 'quiet.example:443']) {
    it(`has a certificate for ${target} when the client says no name`, async () => {
      const test = await startTransport();
      const tunnel = await connectTo(test, target);
      const host = target.replace(/:\d+$/, '').replace(/[[\]]/g, '');
      // Not every Node 22 compares IPv6 addresses well, so the certificate is asked itself.
      const secured = await tunnel.secure({ ca: ca(), checkServerIdentity: () => undefined });
      const certificate = (secured.socket as TLSSocket).getPeerX509Certificate();
      assert.equal(isIP(host) ? certificate?.checkIP(host) : certificate?.checkHost(host), host);
      const answer = await secured.send(`GET / HTTP/1.1\r\nHost: ${target}\r\n${CLOSE}`).end();
      assert.ok(answer.endsWith(`GET https://${target.replace(/:443$/, '')}/\n`), answer);
    });
  }

  it('takes plain HTTP too, more than one request of it', async () => {
    const test = await startTransport();
    const tunnel = await connectTo(test, 'shop.example:80');
    tunnel.clear().send('GET /1 HTTP/1.1\r\nHost: shop.example\r\n\r\n');
    await tunnel.until(/shop\.example\/1\n/);
    const answer = await tunnel.send(`GET /2 HTTP/1.1\r\nHost: shop.example\r\n${CLOSE}`).end();
    assert.match(answer, /GET http:\/\/shop\.example\/2\n$/);
  });

  it('takes what comes in one packet with CONNECT', async () => {
    const { open } = await startTransport();
    const connect = 'CONNECT shop.example:80 HTTP/1.1\r\nHost: shop.example\r\n\r\n';
    const client = (await open()).send(`${connect}GET / HTTP/1.1\r\nHost: shop.example\r\n${CLOSE}`);
    assert.match(await client.end(), /GET http:\/\/shop\.example\/\n$/);
  });

  it('takes a ClientHello in one packet with CONNECT', async () => {
    const { open } = await startTransport();
    const client = await open();
    client.socket.cork();
    client.send('CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n');
    const tls = await import('node:tls');
    const { PassThrough, Duplex } = await import('node:stream');
    const fromProxy = new PassThrough();
    let head = '';
    client.socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
      if (head.includes('\r\n\r\n')) return void fromProxy.write(chunk);
      head += chunk.toString('latin1');
      const at = head.indexOf('\r\n\r\n');
      if (at >= 0) fromProxy.write(Buffer.from(head.slice(at + 4), 'latin1'));
    });
    const transport = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        client.socket.write(chunk, () => {});
        client.socket.uncork();
        done();
      },
    });
    fromProxy.on('data', (chunk) => transport.push(chunk));
    const secured = tls.connect({ socket: transport, servername: 'shop.example', ca: ca() });
    await once(secured, 'secureConnect');
    assert.match(head, ESTABLISHED);
    client.close();
  });

  it('kills a request inside TLS without a byte of a response', async () => {
    const test = await startTransport({
      exchange: (_, client) => {
        client.kill();
        return Promise.resolve();
      },
    });
    const secured = await (
      await connectTo(test, 'a.example:443')
    ).secure({ ca: ca(), servername: 'a.example' });
    assert.equal(await secured.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').end(), '');
  });

  for (const target of [
    'a.example',
    'a.example:0',
    'a.example:99999',
    'u@a.example:1',
    '../x:443',
    'ca:443',
    '__proto__:443',
    '/',
  ]) {
    // prettier-ignore
    it(`is refused to ${target}`, async () => {
      const { say } = await startTransport();
      assert.match(await say(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`), /^HTTP\/1\.1 400 /);
    });
  }

  it('is refused inside a tunnel and in reverse mode', async () => {
    const test = await startTransport();
    const tunnel = await connectTo(test, 'a.example:80');
    tunnel.clear().send('CONNECT b.example:80 HTTP/1.1\r\nHost: b.example\r\n\r\n');
    assert.match(await tunnel.end(), /^HTTP\/1\.1 400 /);
    const reverse = await startTransport({
      options: { reverse: { scheme: 'http', host: 'up.example', port: 80 } },
    });
    assert.match(await reverse.say('CONNECT a.example:80 HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1\.1 405 /);
  });

  it('is refused as the handler says: by a kill, a response or an error', async () => {
    const ask = 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n';
    const killed = await startTransport({ handlers: { connect: () => Promise.resolve(kill()) } });
    assert.equal(await killed.say(ask), '');
    const response = HttpResponse.text(403, 'not there');
    const answered = await startTransport({
      handlers: { connect: () => Promise.resolve(respond(response) as never) },
    });
    assert.match(await answered.say(ask), /^HTTP\/1\.1 403 Forbidden\r\n[^]*\r\n\r\nnot there\n$/);
    const thrown = await startTransport({ handlers: { connect: () => Promise.reject(new Error('oh no')) } });
    assert.match(await thrown.say(ask), /^HTTP\/1\.1 502 [^]*\r\n\r\noh no\n$/);
  });

  describe('that is passed on', () => {
    let echo: Server;
    const peers = new Set<Socket>();
    beforeEach(async () => {
      echo = createServer({ allowHalfOpen: true }, (socket) => {
        peers.add(socket.on('error', () => {}));
        socket.write('hi ');
        socket.pipe(socket);
      }).listen(0, '127.0.0.1');
      await once(echo, 'listening');
    });
    afterEach(() => {
      for (const peer of peers) peer.destroy();
      peers.clear();
      echo.close();
    });
    const address = () => `127.0.0.1:${(echo.address() as AddressInfo).port}`;

    it('carries bytes both ways, to the end', async () => {
      const test = await startTransport({ handlers: { connect: () => Promise.resolve('tunnel') } });
      const tunnel = await connectTo(test, address());
      tunnel.send('\x16 anything');
      tunnel.socket.end();
      assert.equal((await tunnel.end()).replace(ESTABLISHED, ''), 'hi \x16 anything');
    });

    it('carries what the client has yet to say when the other end has said all', async () => {
      const heard: string[] = [];
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        peers.add(socket.on('error', () => {}).on('data', (data) => heard.push(String(data))));
        socket.end('bye');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const test = await startTransport({ handlers: { connect: () => Promise.resolve('tunnel') } });
      const tunnel = await connectTo(test, `127.0.0.1:${(server.address() as AddressInfo).port}`);
      await tunnel.until(/bye$/);
      while (!tunnel.ended) await new Promise(setImmediate);
      tunnel.send('late').socket.end();
      while (heard.length === 0) await new Promise(setImmediate);
      assert.deepEqual(heard, ['late']);
      server.close();
    });

    it('counts as contact with the other end, unless that is us', async () => {
      const test = await startTransport({ handlers: { connect: () => Promise.resolve('tunnel') } });
      const { port } = test.transport.address;
      await test.say(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.deepEqual([...test.contacted], []);
      (await connectTo(test, address())).close();
      await test.say('CONNECT [::1]:1 HTTP/1.1\r\nHost: a\r\n\r\n');
      assert.deepEqual([...test.contacted], [address(), '[::1]:1']);
    });

    it('is gone on both sides when the proxy has stopped', async () => {
      const test = await startTransport({ handlers: { connect: () => Promise.resolve('tunnel') } });
      const [halfClosed, open] = [await connectTo(test, address()), await connectTo(test, address())];
      await Promise.all([halfClosed.until(/hi $/), open.until(/hi $/)]);
      for (const peer of peers) peer.unpipe();
      halfClosed.socket.end();
      await Promise.race([...peers].map((peer) => once(peer.resume(), 'end')));
      const before = openSockets();
      await test.transport.close();
      assert.ok(before - openSockets() >= 4, 'both ends of both tunnels');
    });

    it('is told when nobody listens there, or only we do', async () => {
      const test = await startTransport({ handlers: { connect: () => Promise.resolve('tunnel') } });
      const { port } = test.transport.address;
      assert.match(
        await test.say(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\n`),
        /^HTTP\/1\.1 508 /,
      );
      assert.match(await test.say('CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1\.1 502 /);
    });

    it('gets what is neither TLS nor HTTP if unmatched traffic is forwarded', async () => {
      const test = await startTransport({ handlers: { opaque: () => Promise.resolve(true) } });
      const tunnel = await connectTo(test, address());
      tunnel.send('SSH-2.0-me\r\n');
      await tunnel.until(/hi SSH-2\.0-me\r\n$/);
      tunnel.close();
    });

    it('gets clients that wait for the server to speak', async () => {
      const test = await startTransport({
        handlers: { opaque: () => Promise.resolve(true) },
        limits: { tunnelSilence: 20 },
      });
      const tunnel = await connectTo(test, address());
      await tunnel.until(/hi $/);
      tunnel.close();
    });

    it('is closed instead if it is not', async () => {
      const asked: string[] = [];
      const test = await startTransport({
        handlers: { opaque: ({ host }) => Promise.resolve(asked.push(host) < 0) },
        limits: { tunnelSilence: 20 },
      });
      const garbage = await connectTo(test, address());
      assert.match(await garbage.clear().send('\x00\x01').end(), /^$/);
      assert.match(await (await connectTo(test, address())).clear().end(), /^$/);
      assert.deepEqual(asked, ['127.0.0.1', '127.0.0.1']);
    });
  });
});
