import assert from 'node:assert/strict';
import { Body, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import { entry, postJson, replaying, requestOf } from '../../../support/replay';

async function missOf(flows: readonly RecordedFlow[], request: HttpRequest | string, onMiss = () => {}) {
  const { run } = await replaying(flows);
  const { flow } = await run(typeof request === 'string' ? requestOf(request) : request);
  onMiss();
  assert.ok(flow.miss);
  return flow.miss;
}

/** Counts how often the heads of these entries are looked at. */
function counted(flows: RecordedFlow[]) {
  const looks = { count: 0 };
  for (const { request } of flows) {
    const { headers } = request;
    Object.defineProperty(request, 'headers', { get: () => ((looks.count += 1), headers) });
  }
  return looks;
}

describe('the nearest entries', () => {
  it('are found among a hundred thousand by looking at few of them, whatever the order of the query', async () => {
    const flows = Array.from({ length: 100_000 }, (_, i) =>
      entry(`http://shop.example/search?b=${i % 300}&a=${Math.floor(i / 300)}&q=x`, '', { number: i + 1 }),
    );
    const looks = counted(flows);
    const request = 'http://shop.example/search?q=y&a=7&b=2';
    const miss = await missOf(flows, request, () => (looks.count = 0));
    assert.deepEqual(miss.nearest[0]?.differences, [{ facet: 'query.q', asked: 'y', recorded: 'x' }]);
    assert.ok(looks.count <= 200, `${looks.count} looks`);
  }).timeout(30_000);

  it('are told without reading more than half a megabyte of recorded bodies', async () => {
    let read = 0;
    const large = Buffer.alloc(100_000, 'x');
    const flows = Array.from({ length: 10 }, (_, i) => {
      const body = Body.file({ length: large.length, read: () => ((read += 1), large) });
      return entry(requestOf(`POST http://h/?n=${i}`, {}, body), '');
    });
    const miss = await missOf(flows, requestOf('POST http://h/?n=x', {}, large));
    assert.ok(miss.nearest.length > 0);
    assert.ok(read <= 3, `${read} bodies were read`);
  });

  it('are told by few when there is much to compare', async () => {
    const flows = Array.from({ length: 40 }, (_, n) => entry(`http://h/q?n=${n}`, ''));
    const looks = counted(flows);
    const query = Array.from({ length: 5000 }, (_, n) => `a${n}=1`).join('&');
    await missOf(flows, `http://h/q?${query}`, () => (looks.count = 0));
    assert.ok(looks.count <= 6, `${looks.count} looks`);
  });

  it('do not have bodies looked into that are large, on either side', async () => {
    const body = (n: number, leaves: number) =>
      postJson(
        'http://h/api',
        JSON.stringify({ n, list: Array.from({ length: leaves }, (_, id) => ({ id })) }),
      );
    for (const [recorded, asked] of [
      [1, 40_000],
      [40_000, 1],
    ] as const) {
      const { nearest } = await missOf([entry(body(1, recorded), '')], body(2, asked));
      assert.deepEqual(nearest[0]?.differences.map(({ facet }) => facet).sort(), [
        'body',
        'body.list.0.id',
        'body.n',
      ]);
    }
  });

  it('leave out differences beyond the twelfth', async () => {
    const json = (value: number) => JSON.stringify(Array.from({ length: 20 }, () => value));
    const { nearest } = await missOf(
      [entry(postJson('http://h/', json(1)), '')],
      postJson('http://h/', json(2)),
    );
    assert.deepEqual([nearest[0]?.differences.length, nearest[0]?.more], [12, 8]);
  });
});
