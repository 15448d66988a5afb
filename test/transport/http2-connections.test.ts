import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { HttpResponse } from '../../src/http/response';
import { ask, closeHttp2Clients, openHttp2 } from '../support/http2-client';
import { sharedAuthorityFolder } from '../support/temp';
import { abortOf, closeTransports, startTransport } from '../support/transport';

const reverse = { scheme: 'https', host: 'origin.example', port: 443 } as const;
const GET = { ':path': '/a?b' };
const basic = (name: string) => `Basic ${Buffer.from(`${name}:x`).toString('base64')}`;
const ca = () => readFileSync(join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');

describe('connections that speak HTTP/2', () => {
  afterEach(async () => {
    closeHttp2Clients();
    await closeTransports();
  });

  it('are served in reverse mode without TLS and with', async () => {
    const { transport, seen } = await startTransport({ options: { reverse } });
    for (const options of [{}, { ca: ca(), servername: 'any.example' }]) {
      const session = await openHttp2(transport.address, options);
      const { status, body } = await ask(session, { ...GET, cookie: ['a=1', 'b=2'] });
      assert.deepEqual([status, String(body)], [200, 'GET https://origin.example/a?b\n']);
    }
    for (const { request } of seen) {
      assert.equal(request.httpVersion, '2.0');
      assert.deepEqual(request.headers.toRaw(), ['host', 'origin.example', 'cookie', 'a=1; b=2']);
    }
  });

  it('are served inside CONNECT, with TLS and without, each request in the session of its tunnel', async () => {
    const sessions: string[] = [];
    const { open } = await startTransport({
      exchange: (request, client) => {
        sessions.push(client.session);
        return Promise.resolve(HttpResponse.text(200, request.url));
      },
    });
    for (const [authority, scheme] of [
      ['https://b.example', 'https'],
      ['http://b.example:443', 'http'],
    ]) {
      // prettier-ignore
      const tunnel = await open();
      tunnel.send(
        `CONNECT b.example:443 HTTP/1.1\r\nHost: b\r\nProxy-Authorization: ${basic('mine')}\r\n\r\n`,
      );
      await tunnel.until(/\r\n\r\n/);
      tunnel.socket.removeAllListeners('data');
      const inner =
        scheme === 'https'
          ? connectTls({ socket: tunnel.socket, ca: ca(), servername: 'b.example', ALPNProtocols: ['h2'] })
          : tunnel.socket;
      const session = connect(authority!, { createConnection: () => inner });
      const { body } = await ask(session, GET);
      assert.equal(String(body), `${scheme}://b.example${scheme === 'http' ? ':443' : ''}/a?b\n`);
      session.destroy();
    }
    assert.deepEqual(sessions, ['mine', 'mine']);
  });

  it('can be used with a proxy, by prior knowledge', async () => {
    const { transport } = await startTransport();
    const session = await openHttp2(transport.address);
    const { body } = await ask(session, { ...GET, ':authority': 'c.example', ':scheme': 'http' });
    assert.equal(String(body), 'GET http://c.example/a?b\n');
  });

  it('are not offered where a proxy is asked over TLS, since its tunnels are for HTTP/1.1', async () => {
    const { transport } = await startTransport();
    const socket = connectTls({ ...transport.address, ca: ca(), ALPNProtocols: ['h2', 'http/1.1'] });
    await once(socket, 'secureConnect');
    assert.equal(socket.alpnProtocol, 'http/1.1');
    socket.destroy();
  });

  it('need credentials where requests do, and name sessions by them', async () => {
    const sessions: string[] = [];
    const { transport, seen } = await startTransport({
      options: { reverse, proxyAuth: 'x' },
      exchange: (_, client) => {
        sessions.push(client.session);
        return Promise.resolve(new HttpResponse());
      },
    });
    const session = await openHttp2(transport.address);
    const refused = await ask(session, GET);
    assert.deepEqual([refused.status, refused.code], [407, 0]);
    assert.match(String(refused.headers['proxy-authenticate']), /^Basic /);
    const named = await ask(session, { ...GET, 'proxy-authorization': basic('me') });
    assert.deepEqual([named.status, sessions], [200, ['me']]);
    assert.equal(seen[0]?.request.headers.has('proxy-authorization'), false);
  });

  for (const [what, headers, status] of [
    ['a target that is no host', { ':path': '/', ':authority': 'a.example:99999' }, 400],
    ['an expectation that is not known', { ...GET, expect: 'wonders' }, 417],
    ['CONNECT', { ':method': 'CONNECT', ':authority': 'a.example:443' }, 405],
    ['a header named __proto__', { ...GET, ['__proto__']: 'x' }, 400],
  ] as const) {
    it(`are told that ${what} is refused, and go on`, async () => {
      const { transport, seen } = await startTransport({ options: { reverse } });
      const session = await openHttp2(transport.address);
      assert.equal((await ask(session, headers)).status, status);
      assert.equal(seen.length, 0);
      assert.equal((await ask(session, GET)).status, 200);
    });
  }

  it('wait until the proxy serves', async () => {
    const { transport, seen } = await startTransport({ serve: false, options: { reverse } });
    const answer = ask(await openHttp2(transport.address), GET);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(seen.length, 0);
    transport.serve();
    assert.equal((await answer).status, 200);
  });

  it('are told when the proxy stops; open streams finish within the grace time', async () => {
    let letGo: () => void = () => {};
    const { transport, seen } = await startTransport({
      options: { reverse },
      limits: { grace: 5_000 },
      exchange: async () => {
        await new Promise<void>((resolve) => (letGo = resolve));
        return new HttpResponse({ body: 'finished' });
      },
    });
    const session: ClientHttp2Session = await openHttp2(transport.address);
    const idle = await openHttp2(transport.address);
    const answer = ask(session, GET);
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const told = Promise.all([once(session, 'goaway'), once(idle, 'close')]);
    const closed = transport.close();
    await told;
    letGo();
    assert.deepEqual(String((await answer).body), 'finished');
    await closed;
  });

  it('are cut when they do not finish within it', async () => {
    const { transport, seen } = await startTransport({
      options: { reverse },
      limits: { grace: 20 },
      exchange: (_, client) => abortOf(client.signal),
    });
    const answer = ask(await openHttp2(transport.address), GET);
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await transport.close();
    assert.equal((await answer).status, undefined);
    assert.equal(seen[0]?.aborted, true);
  });
});
