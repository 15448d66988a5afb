import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import { KillUnmatched } from 'replay-proxy';
import { byteChanges, changeBytes, fuzz } from '../support/fuzz';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { strictResponse, valuesOf } from '../support/strict-message';
import { startProxy, stopProxies, type WireProxy } from '../support/wire';

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';
const HANDSHAKE = '\x16';
const ALERT = '\x15';
const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';
const often = <T>(times: number, usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...Array<T>(times).fill(usual), ...others);

/** Hosts and ports, and what is none; nothing of it is ever connected to. */
const authority = often(
  80,
  'a.example:443',
  ...[
    '127.0.0.1:1',
    '[::1]:443',
    'a.example:80',
    'A.Example:443',
    'xn--bcher-kva.example:443',
    'a.example.:443',
    '_x.example:443',
    `${'a'.repeat(63)}.example:443`,
  ],
  ...[
    '',
    'a.example',
    ':443',
    'a.example:',
    'a.example:0',
    'a.example:99999',
    'a.example:-1',
    'a.example:4 43',
    '../x:443',
    'ca:443',
    '__proto__:443',
    'a\0b:1',
    'a%00b:1',
    'u@h:1',
  ],
  ...[
    'http://a.example/',
    '/',
    '*',
    '[::1',
    '[fe80::1%25eth0]:1',
    '::1:443',
    '*:1',
    'a..b:1',
    `${'a.'.repeat(127)}b:1`,
    'b\xfccher.example:443',
    'certs/ca.pem:1',
  ],
);
const connectCases = fc
  .record({
    line: fc.tuple(
      often(20, 'CONNECT', 'connect', 'CONNECT '),
      authority,
      often(20, 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', ''),
    ),
    lines: fc
      .tuple(
        often(12, 'Host: a.example:443', 'Host: b', 'Host: a, b', 'X-A: b'),
        fc.array(
          often(
            20,
            'X-A: b',
            'Host: b',
            'Content-Length: 5',
            'Transfer-Encoding: chunked',
            'Proxy-Authorization: Basic YTpi',
            'Proxy-Authorization: Basic ====',
            'Expect: x',
            'no colon',
            'X-Nul: \0',
            'Connection: close',
            'Upgrade: websocket',
          ),
          { maxLength: 2 },
        ),
      )
      .map(([host, others]) => [host, ...others]),
    changes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: byteChanges(['\r\n', '\n', '\0', ' ', ':', '@', '/', '\xff', '%', '..'], 2) },
    ),
    then: often(
      4,
      GET,
      'SSH-2.0-x\r\n',
      '\x16\x03\x01\xff\xff',
      '\x16',
      'G',
      '\x05\x01\x00',
      'CONNECT b:1 HTTP/1.1\r\nHost: b\r\n\r\n',
      '\0',
    ),
  })
  .map(({ line, lines, changes, then }) => {
    const head = Buffer.from(`${[line.join(' '), ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
    return changeBytes(head, changes).toString('latin1') + then;
  });

describe('fuzzed tunnels', () => {
  let proxy: WireProxy;
  let held: Resources;
  let files: string[];
  const hellos: Buffer[] = [];

  before(async () => {
    held = resourcesNow();
    const limits = { tunnelSilence: 500, handshake: 1000, headerTime: 2000, idle: 500 };
    proxy = await startProxy([new KillUnmatched()], { limits });
    files = filesOf(proxy);
    for (const options of [
      { servername: 'a.example' },
      { ALPNProtocols: ['h2', 'http/1.1'], servername: 'b.example' },
      { maxVersion: 'TLSv1.2' },
    ] as const)
      hellos.push(await helloOf({ ...options }));
  });

  after(async () => {
    await stopProxies();
    await settlesTo(held);
  });

  afterEach(async () => {
    assert.deepEqual([...proxy.proxy.contacted], []);
    assert.deepEqual(filesOf(proxy), files, 'no file was written');
    (await proxy.tunnel('a.example', 443)).close();
  });

  fuzz('by CONNECT are opened or refused, and lead nowhere under kill', connectCases, checkConnect, {
    atOnce: 128,
    useful: 0.25,
  });

  fuzz(
    'that begin with a ClientHello shake hands or are closed',
    fc.record({
      hello: fc.nat(2),
      changes: byteChanges(['\0', '\xff', '\x16\x03\x01\x00\x05', '\x00\x00', '\x00\x10', '\x80', 'h2'], 2),
      cut: fc.nat(99).map((part) => part / 100),
      isInside: fc.boolean(),
    }),
    async ({ hello, changes, cut, isInside }) => {
      const bytes = changeBytes(hellos[hello]!, changes);
      const client = await proxy.open();
      if (isInside) {
        client.send('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n');
        await client.until(/\r\n\r\n$/);
        assert.equal(client.received, ESTABLISHED);
        client.clear();
      }
      const at = Math.floor(cut * bytes.length);
      if (cut > 0.5) client.send(bytes);
      else {
        client.send(bytes.subarray(0, at));
        await new Promise(setImmediate);
        client.send(bytes.subarray(at));
      }
      await client.take((received, ended) => (received || ended ? { value: 0, length: 0 } : undefined));
      const [first = ''] = client.received;
      client.close();
      if (isInside) assert.ok(['', HANDSHAKE, ALERT].includes(first), client.received);
      return first === HANDSHAKE || !isInside;
    },
    { atOnce: 128, useful: 0.25 },
  );

  async function checkConnect(bytes: string): Promise<boolean> {
    const client = await proxy.open();
    let rest = await client.send(bytes).end();
    const isOpen = rest.startsWith(ESTABLISHED);
    if (isOpen) rest = rest.slice(ESTABLISHED.length);
    // What follows may have been TLS.
    if (rest === '' || rest.startsWith(ALERT)) return isOpen;
    const answer = strictResponse(rest, 'GET', true);
    assert.ok(answer, rest);
    assert.match(answer.start[1], /^[45]/);
    assert.deepEqual(valuesOf(answer.headers, 'content-type'), ['text/plain; charset=utf-8']);
    assert.equal(rest.length, answer.length, 'one answer, and nothing behind it');
    return isOpen;
  }
});

function filesOf({ caFile }: WireProxy): string[] {
  return readdirSync(path.join(path.dirname(caFile), '..'), { recursive: true, encoding: 'utf8' }).sort();
}

/** The first flight of a client. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connectTls({ host: '127.0.0.1', port, ...options }).on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}
