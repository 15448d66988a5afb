import assert from 'node:assert/strict';
import type { Origin } from '../../src/http/authority';
import { Dialer } from '../../src/transport/dial';
import { announceListener } from '../../src/transport/own-listeners';
import { parseProxyUrl } from '../../src/transport/upstream-proxy';
import { startHttpProxy, startSocksProxy, stopTestProxies } from '../support/proxies';
import { RawOrigin } from '../support/raw-origin';

const never = new AbortController().signal;

describe('a dialer', () => {
  let origin: RawOrigin;
  let contacted: string[];
  beforeEach(async () => {
    origin = await RawOrigin.start(() => {});
    contacted = [];
  });
  afterEach(async () => {
    stopTestProxies();
    await origin.stop();
  });
  const dialer = (url?: string) =>
    new Dialer({
      proxyFor: ({ host }) => (url === undefined || host === 'past.example' ? undefined : parseProxyUrl(url)),
      secure: () => assert.fail('no TLS was asked for'),
      contact: (where) => contacted.push(where),
    });
  const shop = (scheme: Origin['scheme'] = 'https'): Origin => ({
    scheme,
    host: 'shop.example',
    port: origin.port,
  });

  it('goes straight where no proxy stands', async () => {
    const socket = await dialer().dial({ ...shop(), host: '127.0.0.1' }, never);
    assert.equal(socket.remotePort, origin.port);
    assert.deepEqual(contacted, [origin.where]);
    socket.destroy();
  });

  it('goes through the proxy that stands before an origin, and tells of both', async () => {
    for (const [proxy, scheme] of [
      [await startHttpProxy(), 'http'],
      [await startSocksProxy(), 'socks5'],
    ] as const) {
      contacted = [];
      const socket = await dialer(`${scheme}://127.0.0.1:${proxy.port}`).dial(shop('http'), never);
      assert.equal(socket.remotePort, proxy.port);
      assert.match(proxy.asked[0]!, /shop\.example:\d+$/);
      assert.deepEqual(contacted, [`shop.example:${origin.port}`, `127.0.0.1:${proxy.port}`]);
      socket.destroy();
    }
  });

  it('knows where whole URLs are asked for', async () => {
    const port = (await startHttpProxy()).port;
    const http = dialer(`http://127.0.0.1:${port}`);
    assert.equal(http.forwarderOf(shop('http'))?.port, port);
    assert.equal(http.forwarderOf(shop('https')), undefined);
    assert.equal(http.forwarderOf({ ...shop('http'), host: 'past.example' }), undefined);
    assert.equal(dialer('socks5://p').forwarderOf(shop('http')), undefined);
    assert.equal(dialer().forwarderOf(shop('http')), undefined);
    const socket = await http.dialForwarder(parseProxyUrl(`127.0.0.1:${port}`), shop('http'), never);
    assert.deepEqual(contacted, [`shop.example:${origin.port}`, `127.0.0.1:${port}`]);
    socket.destroy();
  });

  it('names the way', () => {
    assert.equal(
      dialer('me:secret@p').wayTo({ ...shop(), port: 1 }),
      'shop.example:1 through the upstream proxy http://p:80',
    );
    assert.equal(dialer().wayTo({ ...shop(), port: 1 }), 'shop.example:1');
  });

  it('says which of the two cannot be reached', async () => {
    await assert.rejects(dialer().dial({ scheme: 'http', host: '127.0.0.1', port: 1 }, never), {
      message: /^127\.0\.0\.1:1 refused the connection/,
    });
    await assert.rejects(dialer('socks5://127.0.0.1:1').dial(shop(), never), {
      message: /^the upstream proxy socks5:\/\/127\.0\.0\.1:1 refused the connection/,
    });
  });

  it('does not come back to us, neither by the origin nor by the proxy, and looks up no name for a proxy', async () => {
    const forget = announceListener({ host: '127.0.0.1', port: 65_004 });
    try {
      const us: Origin = { scheme: 'https', host: '127.0.0.1', port: 65_004 };
      const past = { ...us, host: 'past.example' };
      for (const [url, to] of [
        [undefined, us],
        ['p', us],
        ['p', { ...us, host: 'localhost' }],
        ['localhost:65004', shop()],
      ] as const) {
        await assert.rejects(dialer(url).dial(to, never), { status: 508 });
        await assert.rejects(async () => dialer(url).refuseLoop(to), { status: 508 });
        await assert.rejects(dialer(url).dialForwarder(parseProxyUrl('p'), to, never), { status: 508 });
      }
      await dialer('p').refuseLoop({ ...us, host: 'shop.example' });
      await dialer('localhost:65004').refuseLoop(past);
      assert.equal(dialer('p').refuseLoop(shop()), undefined);
      assert.deepEqual(contacted, []);
    } finally {
      forget();
    }
  });

  it('does not begin what is given up already', async () => {
    await assert.rejects(dialer().dial(shop(), AbortSignal.abort(new Error('late'))), /late/);
  });
});
