import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import { stateOf } from '../../src/recording/mitmproxy-state';
import { openMitmproxyWriter } from '../../src/recording/mitmproxy-writer';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { contentOf, exchange, flowOf, own, TestFolder } from '../support/dumps';

const headers = fc.array(
  fc.tuple(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/),
    fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .map((code) => (code === 0x7f ? ' ' : String.fromCharCode(code))),
    }),
  ),
);
const body = fc.uint8Array().map((bytes) => Buffer.from(bytes));
const time = fc.integer({ min: 0, max: 4e15 }).map((microseconds) => microseconds / 1000);
const message = { headers, trailers: headers, body, startedAt: time, endedAt: time };
const flows = fc
  .record({
    request: fc.record({
      ...message,
      method: fc.constantFrom('GET', 'POST', 'M-SEARCH'),
      scheme: fc.constantFrom('http' as const, 'https' as const),
      host: fc.constantFrom('a.test', '127.0.0.1', '::1', 'bücher.test'),
      port: fc.integer({ min: 1, max: 65535 }),
      path: fc.webPath().map((path) => path || '*'),
      httpVersion: fc.constantFrom('1.0', '1.1', '2.0'),
    }),
    response: fc.record({
      ...message,
      status: fc.integer({ min: 100, max: 599 }),
      reason: fc.constantFrom('', 'OK', 'caf\xe9'),
      httpVersion: fc.constantFrom('1.0', '1.1', '2.0'),
    }),
    end: fc.constantFrom<Partial<RecordedFlow>>({}, { error: 'reset', incomplete: true }),
    more: fc.constantFrom<Partial<RecordedFlow>>(
      {},
      { session: 'é', redacted: ['header.cookie', 'body.token'] },
      { webSocket: [] },
      { webSocket: [{ from: 'server', time: 1.5, opcode: 2, data: Buffer.from('\xff', 'latin1') }] },
    ),
  })
  .map(({ request, response, end, more }): RecordedFlow => ({
    source: 'made',
    number: 1,
    request: new HttpRequest(request),
    response: new HttpResponse(response),
    ...end,
    ...more,
  }));

describe('stateOf', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('has the fields of a dump that mitmproxy wrote, in their order and types', () => {
    const shape = (cursor: TnetCursor): unknown[] => {
      const found: unknown[] = [];
      while (cursor.next()) {
        const key = cursor.latin1();
        assert.ok(cursor.next());
        found.push(cursor.tag === 0x7d && key !== 'metadata' ? [key, shape(cursor.inner())] : key);
      }
      return found;
    };
    const file = folder.file('a.mitm');
    const writer = openMitmproxyWriter(file, { append: false });
    writer.append({ ...flowOf('http://a.test/'), webSocket: [] });
    writer.append(flowOf('http://a.test/', '', { error: 'reset' }));
    writer.close();
    const [ours, failed] = [...records(contentOf(file))];
    const [theirs] = [...records(contentOf(own('reverse-ws-v21.mitm')))];
    assert.deepEqual(shape(ours!), shape(theirs!));
    const theirFailed = [...records(contentOf(own('regular-http1-v21.mitm')))][3]!;
    const errorOf = (all: unknown[]): unknown => all.find((one) => Array.isArray(one) && one[0] === 'error');
    assert.deepEqual(errorOf(shape(failed!)), errorOf(shape(theirFailed)));
  });

  it('says null for content that was not kept, and an error for what broke off', () => {
    const state = stateOf(
      flowOf('https://a.test/', 'x', { unstored: { response: true }, incomplete: true }),
      () => 'id',
    ) as never;
    const { response, request, error, server_conn } = state as Record<string, Record<string, unknown>>;
    assert.equal(response!['content'], null);
    assert.deepEqual(request!['content'], Buffer.alloc(0));
    assert.equal(error!['msg'], 'the response was cut short');
    assert.deepEqual([server_conn!['tls'], server_conn!['sni']], [true, 'a.test']);
  });

  it('leaves out what was meant for the proxy', () => {
    const flow = flowOf('http://a.test/');
    flow.request.headers.append('Proxy-Authorization', 'Basic c2VjcmV0').append('Accept', '*/*');
    const { request } = stateOf(flow, () => 'id') as unknown as { request: { headers: Buffer[][] } };
    assert.deepEqual(
      request.headers.map(([name]) => String(name)),
      ['Host', 'Accept'],
    );
  });

  it('writes as UTF-8 what has no place in latin1', () => {
    const flow = flowOf('http://a.test/');
    flow.request.path = '/日本';
    const { request } = stateOf(flow, () => 'id') as unknown as { request: { path: Buffer } };
    assert.equal(request.path.toString('utf8'), '/日本');
  });

  it('is read back as the same exchange', async () => {
    await fc.assert(
      fc.asyncProperty(flows, async (flow) => {
        const file = folder.file('b.mitm');
        const writer = openMitmproxyWriter(file, { append: false });
        writer.append(flow);
        writer.close();
        const recording = await openMitmproxy(file);
        const [read] = recording.flows;
        assert.deepEqual(recording.warnings, []);
        assert.deepEqual(exchange(read!), exchange(flow));
        recording.close();
      }),
      { numRuns: 100 },
    );
  });
});

function* records(content: Buffer): Generator<TnetCursor> {
  const cursor = new TnetCursor(content);
  while (cursor.next()) yield cursor.inner();
}
