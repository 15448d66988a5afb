import assert from 'node:assert/strict';
import dns from 'node:dns';
import net from 'node:net';
import { type AddonInput, forward, KillUnmatched, Ledger } from 'replay-proxy';
import { Origin } from '../support/origin';
import { answerOf, startProxy, stopProxies, type WireProxy } from '../support/wire';

/** Everything that asks a resolver or opens a socket, but connections to `own`. */
class Watch {
  readonly seen: string[] = [];
  #undo: (() => void)[] = [];

  constructor(own: () => number[]) {
    const note = (what: string) => void this.seen.push(what);
    const wrap = <T extends object, K extends keyof T>(
      object: T,
      name: K,
      before: (...args: unknown[]) => void,
    ) => {
      const original = object[name] as (...args: unknown[]) => unknown;
      object[name] = function (this: unknown, ...args: unknown[]) {
        before(...args);
        return original.apply(this, args);
      } as T[K];
      this.#undo.push(() => (object[name] = original as T[K]));
    };
    wrap(dns, 'lookup', (name) => note(`lookup ${String(name)}`));
    wrap(dns.promises, 'lookup', (name) => note(`lookup ${String(name)}`));
    wrap(net.Socket.prototype, 'connect', (...args) => {
      const { port } = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { port: number };
      if (!own().includes(port)) note(`connect ${port}`);
    });
  }

  stop(): void {
    for (const undo of this.#undo) undo();
  }
}

async function get(proxy: WireProxy, url: string): Promise<string> {
  const client = await proxy.open();
  client.send(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const answer = await answerOf(client);
  client.close();
  return answer ? `${answer.status} ${answer.body.toString().trim()}` : 'killed';
}

describe('offline', () => {
  afterEach(stopProxies);

  it('lets nothing out, whatever addons decide, and says which wanted to', async () => {
    const origin = await Origin.start();
    const ledger = new Ledger();
    const letOut: AddonInput = {
      name: 'LetOut',
      apply: ({ hooks }) => {
        hooks.unmatched.tap('LetOut', ({ request }) => request.path !== '/kill' && forward());
        hooks.connect.tap('LetOut', ({ host }) => (host === 'tunnel.example' ? 'tunnel' : undefined));
      },
    };
    const proxy = await startProxy([letOut, new KillUnmatched(), ledger], { offline: true });
    const watch = new Watch(() => [proxy.port]);
    try {
      assert.match(
        await get(proxy, `${origin.url}/out`),
        /^502 offline: addon LetOut wanted to forward GET http:\S+\/out, and nothing may leave$/,
      );
      assert.match(await get(proxy, `http://name.invalid:${proxy.port}/`), /^502 offline: addon LetOut/);
      assert.equal(await get(proxy, 'http://name.invalid/kill'), 'killed');
      const tunnel = await proxy.open();
      tunnel.send('CONNECT tunnel.example:443 HTTP/1.1\r\nHost: tunnel.example\r\n\r\n');
      assert.match(
        await tunnel.end(),
        /^HTTP\/1\.1 502 [^]*addon LetOut wanted to forward a tunnel to tunnel\.example:443/,
      );
      const opaque = await proxy.tunnel('opaque.example', 25, true);
      assert.equal(await opaque.send('\x00\x01\x02').end(), '');
      assert.deepEqual(watch.seen, []);
    } finally {
      watch.stop();
      await origin.stop();
    }
    const { refused, contacted, counts } = ledger.report();
    assert.deepEqual([contacted, counts.forwarded, origin.connections], [[], 0, 0]);
    assert.deepEqual(
      refused.map(({ by, url }) => `${by} ${url.replace(/:\d+/, '')}`),
      [
        'LetOut http://127.0.0.1/out',
        'LetOut http://name.invalid/',
        'LetOut tunnel.example',
        'LetOut opaque.example',
      ],
    );
  });

  it('is nothing that an addon can get around by the error hook or a redirected request', async () => {
    const origin = await Origin.start();
    const proxy = await startProxy(
      [
        ({ hooks }) => {
          hooks.forward.tap('Elsewhere', (request) => {
            request.port = origin.port;
          });
        },
      ],
      { offline: true },
    );
    assert.match(
      await get(proxy, 'http://127.0.0.1:1/'),
      /^502 offline: nobody answered GET http:\S+, and nothing/,
    );
    assert.equal(origin.connections, 0);
    await origin.stop();
  });

  it('is not needed for kill to let nothing out but what an addon forwards, which the ledger names', async () => {
    const origin = await Origin.start();
    const ledger = new Ledger();
    const proxy = await startProxy([new KillUnmatched(), ledger]);
    KillUnmatched.hooks(proxy.proxy).verdict.tap('SpareOne', (_, { request }) =>
      request.path === '/spared' ? forward() : undefined,
    );
    assert.equal(await get(proxy, `${origin.url}/gone`), 'killed');
    assert.match(await get(proxy, `${origin.url}/spared`), /^200 GET \/spared/);
    const { forwarded, contacted } = ledger.report();
    assert.deepEqual(
      forwarded.map(({ by, url }) => [by, url]),
      [['SpareOne', `${origin.url}/spared`]],
    );
    assert.deepEqual(contacted, [`127.0.0.1:${origin.port}`]);
    await origin.stop();
  });
});
