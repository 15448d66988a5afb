import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HttpResponse } from '../../src/http/response';
import { isOwnListener } from '../../src/transport/own-listeners';
import { RawClient } from '../support/raw-client';
import { RawOrigin } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';
import { abortOf, closeTransports, startTransport } from '../support/transport';

const get = (end = '\r\n') => `GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n${end}`;

describe('the listener', () => {
  afterEach(closeTransports);

  it('says in one line that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      await assert.rejects(startTransport({ options: { port } }), {
        name: 'ConfigError',
        message: `port ${port} on 127.0.0.1 is in use; stop the other program or choose another (--port, --mode)`,
      });
    } finally {
      other.close();
    }
  });

  it('says in one line that an address is not ours, or not known', async () => {
    const listen = (host: string) => startTransport({ options: { host, allowLan: true } });
    await assert.rejects(listen('192.0.2.1'), {
      name: 'ConfigError',
      message: /192\.0\.2\.1 is no address of/,
    });
    await assert.rejects(listen('no.such.invalid'), { name: 'ConfigError', message: /no\.such\.invalid/ });
  });

  it('refuses to listen for other machines unless told', async () => {
    await assert.rejects(startTransport({ options: { host: '0.0.0.0' } }), { message: /--allow-lan/ });
    const { transport } = await startTransport({ options: { host: '0.0.0.0', allowLan: true } });
    assert.ok(transport.address.port > 0);
  });

  it('takes all its addresses, or none', async () => {
    const others = [
      { host: '127.0.0.1', port: 0, mode: 'socks5' },
      { host: '127.0.0.1', port: 0, mode: 'regular' },
    ] as const;
    const { transport } = await startTransport({ options: { others: [...others] } });
    const ports = transport.listeners.map(({ port }) => port);
    assert.equal(new Set(ports).size, 3);
    assert.deepEqual(
      transport.listeners.map(({ mode }) => mode),
      ['regular', 'socks5', 'regular'],
    );
    for (const port of ports) assert.equal(await isOwnListener('127.0.0.1', port), true);
    await transport.close();
    for (const port of ports) {
      await assert.rejects(RawClient.open({ host: '127.0.0.1', port }), { code: 'ECONNREFUSED' });
      assert.equal(await isOwnListener('127.0.0.1', port), false);
    }
    const [first, second, third] = ports as [number, number, number];
    const taken = await RawOrigin.start(() => {});
    const clash = {
      port: first,
      others: [second, taken.port, third].map((port) => ({ ...others[0], port })),
    };
    await assert.rejects(startTransport({ options: clash }), {
      name: 'ConfigError',
      message: new RegExp(`^port ${taken.port} on 127\\.0\\.0\\.1 is in use;`),
    });
    for (const port of ports)
      await assert.rejects(RawClient.open({ host: '127.0.0.1', port }), { code: 'ECONNREFUSED' });
    await taken.stop();
  });

  it('refuses any address that would let other machines in', async () => {
    const others = [{ host: '0.0.0.0', port: 0, mode: 'socks5' }] as const;
    await assert.rejects(startTransport({ options: { others: [...others] } }), { message: /--allow-lan/ });
  });

  it('counts the connections of all its addresses together', async () => {
    const others = [{ host: '127.0.0.1', port: 0, mode: 'regular' }] as const;
    const { open, transport } = await startTransport({
      options: { others: [...others] },
      limits: { connections: 1 },
    });
    const first = (await open()).send(get());
    await first.until(/200 OK/);
    const second = await RawClient.open(transport.listeners[1]!);
    assert.match(await second.end(), /^HTTP\/1\.1 503 /);
    first.close();
  });

  it('prints nothing of its own, whatever clients do', async () => {
    const printed: unknown[] = [];
    const methods = ['log', 'info', 'error', 'debug', 'warn'] as const;
    const kept = methods.map((method) => [method, console[method]] as const);
    for (const method of methods) console[method] = (...args) => void printed.push(args);
    try {
      const { open } = await startTransport();
      for (const bytes of ['', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', get(), 'POST']) {
        const client = (await open()).send(bytes);
        client.socket.resetAndDestroy();
        await once(client.socket, 'close');
      }
      await closeTransports();
    } finally {
      for (const [method, print] of kept) console[method] = print;
    }
    assert.deepEqual(printed, []);
  });

  it('serves no more connections than it may, and tells the others', async () => {
    const { open, say } = await startTransport({ limits: { connections: 1 } });
    const first = (await open()).send(get());
    await first.until(/200 OK/);
    assert.match(await say(''), /^HTTP\/1\.1 503 [^]*as many connections as it may/);
    first.close();
  });

  it('lets open exchanges finish when it closes, and takes nothing new', async () => {
    let letGo: () => void = () => {};
    const { open, transport } = await startTransport({
      limits: { grace: 5_000 },
      exchange: async () => {
        await new Promise<void>((resolve) => (letGo = resolve));
        return new HttpResponse({ body: 'finished' });
      },
    });
    const client = (await open()).send(get());
    const idle = await open();
    const connecting = (await open()).send('CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n');
    await connecting.until(/200/);
    const closed = transport.close();
    await assert.rejects(open(), { code: 'ECONNREFUSED' });
    letGo();
    assert.match(await client.end(), /Connection: close\r\n\r\nfinished$/);
    await closed;
    await Promise.all([idle.end(), connecting.end()]);
  });

  it('cuts what does not finish within the grace time', async () => {
    const { open, transport, seen } = await startTransport({
      limits: { grace: 30 },
      exchange: (_, client) => abortOf(client.signal),
    });
    const client = (await open()).send(get());
    while (seen.length === 0) await new Promise(setImmediate);
    await transport.close();
    assert.equal(await client.end(), '');
    assert.equal(seen[0]?.aborted, true);
  });

  it('closes in about the grace time when an exchange never settles', async () => {
    const { open, transport, seen } = await startTransport({
      limits: { grace: 800 },
      exchange: () => new Promise(() => {}),
    });
    (await open()).send(get());
    while (seen.length === 0) await new Promise(setImmediate);
    const begun = performance.now();
    await transport.close();
    const took = performance.now() - begun;
    assert.ok(took > 790 && took < 1_500, `${took} ms`);
  });

  it('uses the authority that is in the folder and leaves it as it was', async () => {
    await startTransport();
    const file = (...path: string[]) => readFileSync(join(sharedAuthorityFolder(), ...path), 'utf8');
    const before = [file('certs', 'ca.pem'), file('keys', 'ca.private.key')];
    await closeTransports();
    const { say } = await startTransport();
    await say('CONNECT ca:443 HTTP/1.1\r\nHost: ca\r\n\r\n');
    assert.deepEqual([file('certs', 'ca.pem'), file('keys', 'ca.private.key')], before);
  });
});
