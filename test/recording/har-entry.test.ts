import assert from 'node:assert/strict';
import type { Recording } from '../../src/recording/recording';
import { entry, openForeign, scratch } from './har-samples';

const header = (name: unknown, value: unknown) => ({ name, value });

describe('HarEntryReader', () => {
  const at = scratch();
  const open = (...entries: unknown[]): Promise<Recording> => openForeign(at('x.har'), ...entries);

  it('reads targets as they stand in the URL', async () => {
    const cases: [url: string, method: string, host: string, port: number, path: string][] = [
      ['http://shop.test', 'GET', 'shop.test', 80, '/'],
      ['https://shop.test/a%2Fb/../c;p?x=%20&y=+#frag', 'GET', 'shop.test', 443, '/a%2Fb/../c;p?x=%20&y=+'],
      ['http://[::1]:8080/', 'GET', '::1', 8080, '/'],
      ['http://user:pw@shop.test:81?q', 'GET', 'shop.test', 81, '/?q'],
      ['http://shop.test', 'OPTIONS', 'shop.test', 80, '*'],
      ['wss://shop.test/live', 'GET', 'shop.test', 443, '/live'],
      ['http://shop.test/süß x\r\n', 'GET', 'shop.test', 80, '/s%C3%BC%C3%9F%20x%0D%0A'],
    ];
    const { flows, warnings } = await open(
      ...cases.map(([url, method]) => entry({ request: { url, method } })),
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      flows.map(({ request: r }) => [r.host, r.port, r.path]),
      cases.map(([, , host, port, path]) => [host, port, path]),
    );
  });

  it('reads the versions that tools write', async () => {
    const written = [
      'HTTP/2.0',
      'h2',
      'http/2.0',
      'HTTP/2',
      'h3',
      'http/1.1',
      'HTTP/1.0',
      'unknown',
      '',
      undefined,
    ];
    const { flows } = await open(...written.map((httpVersion) => entry({ request: { httpVersion } })));
    const read = ['2.0', '2.0', '2.0', '2.0', '2.0', '1.1', '1.0', '1.1', '1.1', '1.1'];
    assert.deepEqual(
      flows.map((f) => f.request.httpVersion),
      read,
    );
  });

  it('has no response where none came, and says why', async () => {
    const { flows } = await open(
      entry({ response: { status: 0, _error: 'net::ERR_FAILED' } }),
      entry({ response: { status: 0, _error: null } }),
      { ...entry(), response: null },
      entry({ response: { status: 0, _failureText: 'refused' } }),
    );
    assert.deepEqual(
      flows.map((f) => [f.response, f.error]),
      [
        [undefined, 'net::ERR_FAILED'],
        [undefined, undefined],
        [undefined, undefined],
        [undefined, 'refused'],
      ],
    );
  });

  it('tells a response that broke off from one that only has an error noted', async () => {
    const whole = { headers: [header('content-length', '2')], _error: 'net::ERR_ABORTED' };
    const cut = { headers: [header('content-length', '5')], _error: 'net::ERR_ABORTED' };
    const { flows } = await open(entry({ response: whole }), entry({ response: cut }));
    assert.deepEqual(
      flows.map((f) => f.incomplete),
      [undefined, true],
    );
    assert.equal(flows[1]?.response?.headers.get('content-length'), '5');
  });

  it('knows bodies that a browser left out from those that never were', async () => {
    const none = (status: number, size: number, length?: number, method = 'GET') =>
      entry({
        request: { method },
        response: {
          status,
          headers: length === undefined ? [] : [header('Content-Length', String(length))],
          content: { size, mimeType: '' },
        },
      });
    const { flows } = await open(
      none(200, 123),
      none(200, -1, 123),
      none(200, 0),
      none(200, -1, 0),
      none(204, -1),
      none(304, 500, 500),
      none(302, -1, 500),
      none(200, 0, 500, 'HEAD'),
      none(206, 5),
    );
    assert.deepEqual(
      flows.map((f) => f.unstored?.response ?? false),
      [true, true, false, false, false, false, false, false, true],
    );
    assert.equal(flows[7]?.response?.headers.get('content-length'), '500');
    assert.equal(flows[6]?.response?.headers.get('content-length'), undefined);
  });

  it('finds the port behind an IPv6 address without brackets', async () => {
    const request = (name: string) => ({ url: 'http://::1:81/x', headers: [7, header(name, '[::1]:81')] });
    const { flows } = await open(
      entry({ request: request('Host') }),
      entry({ request: request(':authority') }),
    );
    assert.deepEqual(
      flows.map(({ request: r }) => r.url),
      ['http://[::1]:81/x', 'http://[::1]:81/x'],
    );
  });

  it('gives a request the type that only its body names', async () => {
    const postData = { mimeType: 'application/json', text: '{}' };
    const own = { ...entry({ request: { postData } }), _replay: {} };
    const typed = { headers: [header('content-type', 'text/plain')], postData };
    const { flows } = await open(entry({ request: { postData } }), own, entry({ request: typed }));
    assert.deepEqual(
      flows.map((f) => f.request.headers.get('content-type')),
      ['application/json', undefined, 'text/plain'],
    );
  });

  it('has an interim response where nothing else came', async () => {
    const { flows, warnings } = await open(entry({ response: { status: 103, content: {} } }));
    assert.deepEqual([flows[0]?.response?.status, flows[0]?.unstored, warnings], [103, undefined, []]);
  });

  it('reads WebSockets', async () => {
    const message = (type: string, opcode: number, data: string) => ({
      type,
      time: 1693314210.27,
      opcode,
      data,
    });
    const { flows } = await open(
      entry({
        request: { url: 'wss://h/' },
        response: { status: 101 },
        _webSocketMessages: [
          message('receive', 1, 'hé'),
          message('send', 2, 'AAE='),
          message('error', 1, 'x'),
          7,
        ],
      }),
      entry({ response: { status: 101 } }),
    );
    assert.deepEqual(flows[0]?.webSocket, [
      { from: 'server', time: 1693314210270, opcode: 1, data: Buffer.from('hé') },
      { from: 'client', time: 1693314210270, opcode: 2, data: Buffer.from([0, 1]) },
    ]);
    assert.deepEqual(flows[1]?.webSocket, []);
  });

  it('skips pages of the browser itself in one line a scheme', async () => {
    const urls = ['data:text/plain,x', 'data:,', 'blob:http://h/1', 'http://h/'];
    const { flows, warnings } = await open(...urls.map((url) => entry({ request: { url } })));
    assert.deepEqual(
      flows.map((f) => f.number),
      [4],
    );
    assert.match(warnings[0]!, /2 with data: URLs skipped/);
    assert.match(warnings[1]!, /1 with blob: URLs skipped/);
  });

  it('takes hostile entries for what they are', async () => {
    const hostile: [unknown, RegExp][] = [
      [null, /no object/],
      ['entry', /no object/],
      [[], /no object/],
      [{ request: [] }, /missing "request"/],
      [entry({ request: { url: 7 } }), /missing "request\.url"/],
      [entry({ request: { method: 'GET / HTTP/1.1\r\nX' } }), /method ".*" is no token/],
      [entry({ request: { url: 'http://h:99999/' } }), /is no absolute http URL/],
      [entry({ request: { url: 'http://:80/' } }), /is no absolute http URL/],
      [
        entry({ request: { url: '/relative\u001b[2J' } }),
        /url "\/relative\\u001b\[2J" is no absolute http URL/,
      ],
      [entry({ response: { status: 99 } }), /status "99" is no status/],
      [entry({ response: { status: 2.5 } }), /is no status/],
      [entry({ response: { status: {} } }), /status an object is no status/],
    ];
    const { flows, warnings } = await open(...hostile.map(([one]) => one), entry());
    assert.deepEqual(
      flows.map((f) => f.number),
      [hostile.length + 1],
    );
    assert.equal(warnings.length, hostile.length);
    for (const [i, [, message]] of hostile.entries()) {
      assert.match(warnings[i]!, message);
      // eslint-disable-next-line no-control-regex -- nothing that a terminal would obey
      assert.doesNotMatch(warnings[i]!, /[\x00-\x1f\x7f-\x9f]/);
    }
  });

  it('reads members of the wrong kind as if they were not there', async () => {
    const odd = JSON.parse(
      '{"__proto__":{"request":1},"constructor":1,"startedDateTime":5,"time":"x","timings":[],"_replay":{"__proto__":null,' +
        '"request":{"target":7,"trailers":"x","body":[]},"times":["a"],"redacted":{},"unstored":5,"session":[]},' +
        '"request":{"url":"http://h/","method":"GET","headers":"none","postData":"text"},' +
        '"response":{"status":"200","statusText":{},"httpVersion":[],"headers":{"a":1},"content":[],"_error":{}},"_webSocketMessages":{}}',
    ) as unknown;
    const { flows, warnings } = await open(odd);
    assert.equal(flows[0]?.response?.status, 200);
    assert.equal(flows[0]?.request.startedAt, 0);
    assert.equal(flows[0]?.error, undefined);
    assert.equal(({} as { request?: unknown }).request, undefined);
    assert.equal(warnings.length, 3);
  });

  it('gives frozen exchanges', async () => {
    const { flows } = await open(entry());
    assert.throws(() => Object.assign(flows[0]!.response!, { status: 500 }), TypeError);
    assert.throws(() => flows[0]!.response!.headers.set('a', 'b'), /frozen/);
    assert.doesNotThrow(() => flows[0]!.response!.clone().headers.set('a', 'b'));
  });
});
