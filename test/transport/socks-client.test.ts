import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { askSocks } from '../../src/transport/socks-client';
import { parseProxyUrl } from '../../src/transport/upstream-proxy';
import { startSocksProxy, stopTestProxies, type TestProxy } from '../support/proxies';
import { RawOrigin } from '../support/raw-origin';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

const never = new AbortController().signal;

describe('a connection through a SOCKS5 proxy', () => {
  afterEach(() => {
    stopTestProxies();
    closeSocketPairs();
  });

  const ask = async ({ port }: TestProxy, host: string, to: number, credentials = '') => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    try {
      await askSocks(socket, { host, port: to }, parseProxyUrl(`socks5://${credentials}p:1`), never);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return socket;
  };

  it('is asked for by address or by name, which the proxy looks up', async () => {
    const origin = await RawOrigin.start((socket, soFar) => socket.end(soFar.toUpperCase()));
    const proxy = await startSocksProxy();
    for (const host of ['nowhere.example', '127.0.0.1', '::1']) {
      const socket = await ask(proxy, host, origin.port);
      socket.write('hello');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.equal(String(answer), 'HELLO');
    }
    const v6 = `${'0'.repeat(31)}1`;
    assert.deepEqual(proxy.asked, [
      `nowhere.example:${origin.port}`,
      `127.0.0.1:${origin.port}`,
      `${v6}:${origin.port}`,
    ]);
    await origin.stop();
  });

  it('gives user name and password to a proxy that asks', async () => {
    const origin = await RawOrigin.start(() => {});
    const proxy = await startSocksProxy({ auth: 'mé:secret' });
    (await ask(proxy, 'a', origin.port, 'm%C3%A9:secret@')).destroy();
    assert.deepEqual(proxy.logins, ['mé:secret']);
    const SAYS = 'the upstream proxy socks5://p:1';
    await assert.rejects(ask(proxy, 'a', 1, 'me:wrong@'), {
      message: `${SAYS} does not accept the user name and password that it was given`,
    });
    await assert.rejects(ask(proxy, 'a', 1), {
      message: `${SAYS} asks for credentials; put them into its URL, socks5://user:password@host:port`,
    });
    const open = await startSocksProxy();
    (await ask(open, 'a', origin.port, 'me:any@')).destroy();
    assert.deepEqual(open.logins, []);
    await origin.stop();
  });

  it('is not there when the proxy says so', async () => {
    for (const [reply, said, status] of [
      [2, 'its rules do not allow it', 502],
      [4, 'the host is unreachable', 502],
      [5, 'the connection was refused', 502],
      [6, 'it took too long to get there', 504],
      [99, 'a reply that RFC 1928 does not have', 502],
    ] as const) {
      const message = `the upstream proxy socks5://p:1 refused the way to a.example:443: ${said} (SOCKS reply ${reply})`;
      await assert.rejects(ask(await startSocksProxy({ reply }), 'a.example', 443), { message, status });
    }
  });

  it('is not there when it is no such proxy, or it leaves', async () => {
    const { ours, theirs } = await socketPair();
    const proxy = parseProxyUrl('socks5://p:1');
    const asking = askSocks(ours, { host: 'a', port: 1 }, proxy, never);
    theirs.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    await assert.rejects(asking, { message: /p:1 does not speak SOCKS5; check its scheme and its port$/ });
    const left = await socketPair();
    const waiting = askSocks(left.ours, { host: 'a', port: 1 }, proxy, never);
    left.theirs.end();
    await assert.rejects(waiting, { message: /p:1 closed the connection before it stood$/ });
  });
});
