import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import { stateOf } from '../../src/recording/mitmproxy-state';
import { openMitmproxyWriter } from '../../src/recording/mitmproxy-writer';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';
import { dumpableFlows } from '../support/recorded-flows';
import { contentOf, exchange, flowOf, own, TestFolder } from '../support/dumps';

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
      fc.asyncProperty(dumpableFlows, async (flow) => {
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
