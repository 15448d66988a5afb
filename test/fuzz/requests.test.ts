import assert from 'node:assert/strict';
import { type Flow, kill, KillUnmatched, type MitmProxy } from 'replay-proxy';
import { fuzz } from '../support/fuzz';
import { type RequestCase, requestCases, TARGET, type Way } from '../support/fuzz-requests';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { type StrictMessage, strictResponse, valuesOf } from '../support/strict-message';
import { type OriginRequest, StrictOrigin } from '../support/strict-origin';
import { until } from '../support/raw-origin';
import { startProxy, stopProxies, type WireProxy } from '../support/wire';

const LIMITS = { headerTime: 1000, requestBody: 200, idle: 200, tunnelSilence: 200, grace: 500 };
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

describe('fuzzed requests', () => {
  let origin: StrictOrigin;
  let held: Resources;
  const proxies = new Map<Way, WireProxy>();
  /** What began, by the way and the port of its client. */
  const begun = new Map<string, Flow[]>();
  const ended = new Map<Flow, number>();
  /** What arrived, by the mark of its flow. */
  const arrived = new Map<string, OriginRequest[]>();
  const markOf = (way: Way, { id }: Flow) => `${way}-${id}`;

  before(async () => {
    held = resourcesNow();
    origin = await StrictOrigin.start();
    origin.answer = (request, { socket }) => {
      const mark = valuesOf(request.headers, 'x-flow').join('+');
      arrived.set(mark, [...(arrived.get(mark) ?? []), request]);
      const body = request.start[0] === 'HEAD' ? '' : mark;
      socket.write(`HTTP/1.1 200 OK\r\nX-Mark: ${mark}\r\nContent-Length: ${mark.length}\r\n\r\n${body}`);
    };
    const watch =
      (way: Way) =>
      ({ hooks }: MitmProxy) => {
        hooks.requestHeaders.tap('Watch', (flow) => {
          const key = `${way} ${flow.client.port}`;
          begun.set(key, [...(begun.get(key) ?? []), flow]);
        });
        hooks.forward.tap('Aim', (request, flow) => {
          request.headers.set('X-Flow', markOf(way, flow));
          return Object.assign(request, { scheme: 'http', host: '127.0.0.1', port: origin.port });
        });
        // What is no HTTP inside a tunnel would be passed on to where the tunnel goes.
        hooks.unmatched.tap('NoTunnel', ({ request }) =>
          request.method === 'CONNECT' ? kill('no way out') : undefined,
        );
        hooks.complete.tap('Watch', (flow) => void ended.set(flow, (ended.get(flow) ?? 0) + 1));
      };
    const limits = LIMITS;
    proxies.set('regular', await startProxy([watch('regular')], { limits }));
    proxies.set('connect', await startProxy([watch('connect')], { limits }));
    proxies.set(
      'reverse',
      await startProxy([watch('reverse')], { mode: { reverse: `http://${TARGET}` }, limits }),
    );
    proxies.set('kill', await startProxy([watch('kill'), new KillUnmatched()], { limits }));
  });

  after(async () => {
    await stopProxies();
    await origin.stop();
    await settlesTo(held);
  });

  fuzz('are answered one by one or refused, and go on only whole and as they came', requestCases, check, {
    atOnce: 128,
    useful: 0.25,
  });

  it('leave the proxy serving others, and nothing behind', async () => {
    for (const [way, proxy] of proxies) {
      const sends = way === 'regular' ? `http://${TARGET}` : '';
      if (way === 'kill' || way === 'connect') continue;
      const answer = await (
        await proxy.open()
      )
        .send(`GET ${sends}/ HTTP/1.1\r\nHost: ${TARGET}\r\nConnection: close\r\n\r\n`)
        .end();
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.deepEqual(proxy.warnings, []);
    }
    assert.deepEqual([...proxies.get('kill')!.proxy.contacted], []);
    assert.deepEqual(
      [...arrived.keys()].filter((mark) => !/^[a-z]+-\d+$/.test(mark)),
      [],
    );
  });

  async function check({ way, bytes, cuts }: RequestCase): Promise<boolean> {
    const client = await proxies.get(way)!.open();
    const key = `${way} ${client.socket.localPort}`;
    begun.delete(key);
    const places = [
      0,
      ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b),
      bytes.length,
    ];
    for (const [i, from] of places.slice(0, -1).entries()) {
      client.send(bytes.slice(from, places[i + 1]));
      if (places.length > 2) await new Promise(setImmediate);
    }
    let rest = await client.end();
    const flows = begun.get(key) ?? [];
    await until(() => flows.every((flow) => ended.has(flow)));
    if (way === 'connect' && rest.startsWith(ESTABLISHED)) rest = rest.slice(ESTABLISHED.length);
    for (const flow of flows) {
      assert.equal(ended.get(flow), 1, 'a flow ends once');
      ended.delete(flow);
      const mark = markOf(way, flow);
      const messages = arrived.get(mark) ?? [];
      arrived.delete(mark);
      const response = next(flow.request.method);
      if (flow.outcome === 'forwarded') {
        assert.equal(messages.length, 1);
        assertSame(messages[0]!, flow);
        assert.equal(response?.start[1], '200');
        assert.deepEqual(valuesOf(response.headers, 'x-mark'), [mark], 'a response of its own');
        assert.equal(response.body, flow.request.method === 'HEAD' ? '' : mark);
      } else {
        assert.deepEqual(messages, [], 'nothing left');
        if (response) assertRefusal(response, flow.request.method);
      }
    }
    // Of what had no flow nobody knows the method, and there is at most one.
    const last = next('GET') ?? next('HEAD');
    if (last) assertRefusal(last);
    assert.equal(rest, '');
    assert.deepEqual(origin.faults.splice(0), []);
    return flows.some(({ outcome, request }) => request.path !== '/last' && outcome !== 'failed');

    function next(method: string): StrictMessage | undefined {
      const found = strictResponse(rest, method, true);
      rest = rest.slice(found?.length ?? 0);
      return found && Number(found.start[1]) < 200 ? next(method) : found;
    }
  }
});

function assertSame({ start, body }: StrictMessage, { request }: Flow): void {
  assert.deepEqual([start[0], start[1]], [request.method, request.path]);
  assert.equal(body, request.body.bytesSync().toString('latin1'));
}

function assertRefusal({ start, headers, body }: StrictMessage, method = body === '' ? 'HEAD' : 'GET'): void {
  assert.match(start[1], /^[45]/);
  assert.deepEqual(valuesOf(headers, 'content-type'), ['text/plain; charset=utf-8']);
  assert.match(body, method === 'HEAD' ? /^$/ : /^[^\r\n]+\n$/);
}
