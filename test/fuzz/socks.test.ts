import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpResponse } from '../../src/http/response';
import { socksAddress } from '../../src/transport/socks';
import { fuzz } from '../support/fuzz';
import { RawClient } from '../support/raw-client';
import { closeTransports, startTransport, type TestTransport } from '../support/transport';

const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';

const text = fc.oneof(
  fc.constantFrom('', 'a.example', '10.0.0.1', '::1', '__proto__', '../x', 'ca', 'a\0b'),
  fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const prefixed = (value: string) =>
  Buffer.concat([Buffer.from([value.length]), Buffer.from(value.slice(0, 255), 'latin1')]);
const mostly = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const byte = fc.integer({ min: 0, max: 255 });

const greeting = fc
  .tuple(
    mostly(5, byte),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom([0], [0, 2], [2]) },
      { weight: 1, arbitrary: fc.array(byte, { maxLength: 255 }) },
    ),
  )
  .map(([version, methods]) => Buffer.from([version, methods.length, ...methods]));
const login = fc
  .tuple(mostly(1, byte), text, text)
  .map(([version, user, password]) =>
    Buffer.concat([Buffer.from([version]), prefixed(user), prefixed(password)]),
  );
const known = fc
  .tuple(fc.constantFrom('a.example', '10.0.0.1', '::1', 'shop.example'), fc.integer({ min: 1, max: 65535 }))
  .map(([host, port]) => socksAddress(host, port));
const address = fc.oneof(
  { weight: 4, arbitrary: known },
  {
    weight: 1,
    arbitrary: text.map((name) => Buffer.concat([Buffer.from([3]), prefixed(name), Buffer.from([1, 187])])),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)) },
);
const request = fc
  .tuple(mostly(5, byte), mostly(1, byte), mostly(0, byte), address)
  .map(([version, command, reserved, to]) => Buffer.concat([Buffer.from([version, command, reserved]), to]));

/** A client that says all of it at once, the whole cut where a piece of it ends. */
const cases = fc
  .record({
    greeting,
    login: fc.oneof({ weight: 12, arbitrary: login }, { weight: 1, arbitrary: fc.constant(undefined) }),
    request,
    cut: mostly<number | undefined>(undefined, fc.nat({ max: 60 })),
    junk: mostly<Uint8Array | undefined>(undefined, fc.uint8Array({ maxLength: 8 })),
  })
  .map(({ greeting: hello, login: who, request: wish, cut, junk }) => {
    const needsLogin = hello.subarray(2).includes(2);
    const all = Buffer.concat([
      hello,
      ...(needsLogin && who ? [who] : []),
      wish,
      ...(junk ? [junk] : []),
      Buffer.from(GET),
    ]);
    return cut === undefined ? all : all.subarray(0, cut);
  });

describe('fuzzed clients of SOCKS5', () => {
  let proxy: TestTransport;
  before(async () => {
    proxy = await startTransport({
      options: { mode: 'socks5' },
      limits: { headerTime: 500, tunnelSilence: 100, idle: 100 },
      exchange: () => Promise.resolve(HttpResponse.text(200, 'answered')),
    });
  });
  after(closeTransports);

  fuzz(
    'are served or refused, and always come to an end',
    cases,
    async (bytes) => {
      const client = await RawClient.open(proxy.transport.address);
      client.send(bytes).socket.end();
      const answer = await client.end();
      assert.deepEqual(proxy.warnings, []);
      assert.equal(proxy.contacted.size, 0);
      // A method, a login's status, a reply; then HTTP, or an alert of TLS.
      assert.match(
        Buffer.from(answer, 'latin1').toString('hex'),
        /^(?:(?:05(?:ff|00|02(?:01(?:01|00)?)?))?(?:0500000100000000\d{4}(?:485454502f312e31.*|15.*)?|050[1-8]000100000000\d{4})?|485454502f312e3120343030.*)?$/s,
      );
      return answer.endsWith('answered\n');
    },
    { atOnce: 16, useful: 0.2 },
  );
});
