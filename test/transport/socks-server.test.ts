import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill, respond } from '../../src/core/verdict';
import type { Tunnel } from '../../src/core/tunnel';
import { EgressError, UpstreamError } from '../../src/errors';
import { HttpResponse } from '../../src/http/response';
import { socksAddress, socksReply } from '../../src/transport/socks';
import { RawClient } from '../support/raw-client';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { RawOrigin } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';
import { closeTransports, startTransport, type TestTransportInit } from '../support/transport';

const HELLO = '\x05\x01\x00';
const TAKEN = '\x05\x00';
const latin1 = (bytes: Buffer) => bytes.toString('latin1');
const request = (host: string, port: number, command = 1) =>
  latin1(Buffer.concat([Buffer.from([5, command, 0]), socksAddress(host, port)]));
const named = (name: string, port = 443) =>
  `\x05\x01\x00\x03${String.fromCharCode(name.length)}${name}${String.fromCharCode(port >> 8, port & 255)}`;
const login = (user: string, password: string) =>
  latin1(
    Buffer.from(
      `\x01${String.fromCharCode(user.length)}${user}${String.fromCharCode(password.length)}${password}`,
      'latin1',
    ),
  );
const reply = (code: number) => latin1(socksReply(code));
const GET = 'GET /a HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n';

describe('a client of SOCKS5', () => {
  let held: Resources;
  before(() => (held = resourcesNow()));
  after(() => settlesTo(held));
  afterEach(closeTransports);

  const start = (init: TestTransportInit = {}) =>
    startTransport({ ...init, options: { mode: 'socks5', ...init.options } });
  const take = async (client: RawClient, wanted: string) => {
    const got = await client.take((received) =>
      received.length >= wanted.length
        ? { value: received.slice(0, wanted.length), length: wanted.length }
        : undefined,
    );
    assert.equal(JSON.stringify(got), JSON.stringify(wanted));
  };

  for (const [host, url] of [
    ['shop.example', 'http://shop.example:8080/a'],
    ['10.0.0.1', 'http://10.0.0.1:8080/a'],
    ['2001:db8::1', 'http://[2001:db8::1]:8080/a'],
  ] as const) {
    it(`has its requests to ${host} read`, async () => {
      const { open, seen } = await start();
      const client = (await open()).send(HELLO);
      await take(client, TAKEN);
      await take(client.send(request(host, 8080)), reply(0));
      assert.match(
        await client.send(GET).end(),
        new RegExp(`\r\n\r\nGET ${url.replace(/[[\].]/g, '\\$&')}\n$`),
      );
      assert.equal(seen.length, 1);
    });
  }

  it('may say all of it at once', async () => {
    const { say } = await start();
    assert.ok((await say(HELLO + request('shop.example', 80) + GET)).endsWith('GET http://shop.example/a\n'));
  });

  it('may say it byte by byte', async () => {
    const { open } = await start();
    const client = await open();
    for (const byte of HELLO + request('a.example', 80)) {
      client.send(byte);
      await new Promise(setImmediate);
    }
    await take(client, TAKEN + reply(0));
    client.close();
  });

  it('has its TLS ended', async () => {
    const { open } = await start();
    const client = (await open()).send(HELLO + request('shop.example', 443));
    await take(client, TAKEN + reply(0));
    const ca = readFileSync(join(sharedAuthorityFolder(), 'certs', 'ca.pem'), 'utf8');
    const secured = await client.secure({ ca, servername: 'shop.example' });
    assert.match(await secured.send(GET).end(), /GET https:\/\/shop\.example\/a\n$/);
  });

  it('names its session, and gives the password that is asked for', async () => {
    const sessions: string[] = [];
    const init: TestTransportInit = {
      exchange: (_, client) => {
        sessions.push(client.session);
        return Promise.resolve(HttpResponse.text(200, 'ok'));
      },
    };
    const open = await start(init);
    for (const [user, password] of [
      ['checkout-7', 'x'],
      ['', ''],
      ['näme'.normalize(), ''],
    ] as const) {
      const bytes = Buffer.from(user, 'utf8').toString('latin1');
      const said = await open.say(
        `\x05\x02\x00\x02${login(bytes, password)}${request('a.example', 80)}${GET}`,
      );
      assert.ok(said.startsWith(`\x05\x02\x01\x00${reply(0)}HTTP/1.1 200`), JSON.stringify(said));
    }
    await open.say(HELLO + request('a.example', 80) + GET);
    assert.deepEqual(sessions.splice(0), ['checkout-7', '', 'näme', '']);

    const guarded = await start({ ...init, options: { proxyAuth: 'secret' } });
    assert.equal(await guarded.say(HELLO), '\x05\xff');
    assert.equal(await guarded.say(`\x05\x02\x00\x02${login('a', 'wrong')}`), '\x05\x02\x01\x01');
    assert.match(
      await guarded.say(`\x05\x01\x02${login('a', 'secret')}${request('a.example', 80)}${GET}`),
      /HTTP\/1\.1 200/,
    );
    assert.deepEqual(sessions.splice(0), ['a']);

    const required = await start({ ...init, options: { sessions: 'required' } });
    assert.equal(await required.say(HELLO), '\x05\xff');
    assert.equal(await required.say(`\x05\x01\x02${login('', 'x')}`), '\x05\x02\x01\x01');
    assert.equal(await required.say(`\x05\x01\x02${login('a\nb', 'x')}`), '\x05\x02\x01\x01');
    assert.equal(await required.say('\x05\x01\x01'), '\x05\xff');
  });

  it('comes through a port of its session', async () => {
    const { transport, seen } = await start({ options: { sessions: 'required' } });
    const client = await RawClient.open(await transport.openSession('checkout-7'));
    assert.match(await client.send(HELLO + request('a.example', 80) + GET).end(), /HTTP\/1\.1 200/);
    assert.equal(seen.length, 1);
  });

  it('waits until the proxy serves', async () => {
    const { open, transport } = await start({ serve: false });
    const client = (await open()).send(HELLO);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(client.received, '');
    transport.serve();
    await take(client, TAKEN);
    client.close();
  });

  it('gets what SOCKS5 says for what is not done', async () => {
    const { say } = await start();
    for (const [bytes, code] of [
      [request('a.example', 80, 2), 7],
      [request('127.0.0.1', 80, 3), 7],
      [request('a.example', 80, 0), 7],
      ['\x05\x01\x00\x02aaaa', 8],
      [request('a.example', 0), 1],
    ] as const)
      assert.equal(JSON.stringify(await say(HELLO + bytes)), JSON.stringify(TAKEN + reply(code)));
  });

  for (const name of [
    '',
    '\0',
    'a\0b',
    '__proto__',
    'constructor.',
    '../x',
    'ca',
    'a b',
    'a/b',
    'a'.repeat(255),
    '127.1',
    '\xff',
    '[::1]',
    'a:80',
    '%00',
  ]) {
    // prettier-ignore
    it(`goes nowhere by the name ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const asked: Tunnel[] = [];
      const { say, warnings } = await start({
        handlers: {
          connect: (tunnel) => {
            asked.push(tunnel);
            return Promise.resolve('intercept');
          },
        },
        limits: { tunnelSilence: 10 },
      });
      const isName = name === 'constructor.';
      const expected = TAKEN + reply(isName ? 0 : 1);
      assert.equal(JSON.stringify(await say(HELLO + named(name))), JSON.stringify(expected));
      assert.equal(asked.length, Number(isName));
      assert.deepEqual(warnings, []);
    });
  }

  it('is told what an addon, or an error, makes of its tunnel', async () => {
    const caused = (code: string) => new UpstreamError('no', { cause: Object.assign(new Error(), { code }) });
    const verdicts: [verdict: () => Promise<never>, code: number][] = [
      [() => Promise.resolve(kill() as never), 2],
      [() => Promise.resolve(respond(HttpResponse.text(403, 'no')) as never), 2],
      [() => Promise.reject(new EgressError('Mine', 'a tunnel')), 2],
      [() => Promise.reject(new UpstreamError('loop', { code: 'ERR_LOOP', status: 508 })), 2],
      [() => Promise.reject(caused('ENETUNREACH')), 3],
      [() => Promise.reject(caused('ENOTFOUND')), 4],
      [() => Promise.reject(caused('ECONNREFUSED')), 5],
      [() => Promise.reject(new UpstreamError('late', { status: 504 })), 6],
      [() => Promise.reject(new Error('boom')), 1],
    ];
    for (const [connect, code] of verdicts) {
      const { say } = await start({ handlers: { connect } });
      assert.equal(
        JSON.stringify(await say(HELLO + request('a.example', 443) + GET)),
        JSON.stringify(TAKEN + reply(code)),
      );
    }
  });

  it('has its bytes passed on, if an addon says so', async () => {
    const origin = await RawOrigin.start((socket, soFar) => socket.end(soFar.toUpperCase()));
    const { say, contacted } = await start({ handlers: { connect: () => Promise.resolve('tunnel') } });
    const answer = await say(`${HELLO}${request('127.0.0.1', origin.port)}hello`);
    assert.equal(answer, `${TAKEN}${reply(0)}HELLO`);
    assert.equal(await say(HELLO + request('127.0.0.1', 1)), TAKEN + reply(5));
    assert.deepEqual([...contacted], [origin.where, '127.0.0.1:1']);
    await origin.stop();
  });

  it('is closed when it speaks something else', async () => {
    const { say } = await start();
    for (const bytes of [
      '\x04\x01\x00\x50\x7f\x00\x00\x01\x00',
      '\x16\x03\x01\x00\x05',
      '\x00',
      '\x05\x01\x02\x02',
      `${HELLO}\x04\x01\x00`,
    ])
      assert.ok(['', TAKEN, '\x05\x02'].includes(await say(bytes)), JSON.stringify(bytes));
    assert.match(
      await say('GET http://a/ HTTP/1.1\r\n\r\n'),
      /^HTTP\/1\.1 400 [^]*this port takes SOCKS5, not HTTP/,
    );
  });

  it('is closed when it is too slow, or leaves', async () => {
    const { open, warnings } = await start({ limits: { headerTime: 60 } });
    for (const bytes of ['', '\x05', '\x05\x03\x00', HELLO, HELLO + request('a.example', 80).slice(0, -1)]) {
      const client = (await open()).send(bytes);
      assert.ok(['', TAKEN].includes(await client.end()));
      const gone = (await open()).send(bytes);
      gone.socket.end();
      await gone.end();
      (await open()).send(bytes).socket.resetAndDestroy();
    }
    assert.deepEqual(warnings, []);
  });

  it('counts among the connections, and is closed without a word when there are too many', async () => {
    const { open, say } = await start({ limits: { connections: 1 } });
    const first = (await open()).send(HELLO);
    await take(first, TAKEN);
    assert.equal(await say(HELLO), '');
    first.close();
  });
});
