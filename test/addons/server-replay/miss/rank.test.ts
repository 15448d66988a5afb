import assert from 'node:assert/strict';
import { Body, type Miss, ServerReplay } from 'replay-proxy';
import { entry, postJson, requestOf } from '../../../support/replay';

async function missOf(flows: ReturnType<typeof entry>[], request: ReturnType<typeof requestOf>) {
  const replay = new ServerReplay({ from: [flows], warn: () => {} });
  await replay.load();
  return replay.explain(request) as Miss;
}

describe('the nearest entries', () => {
  it('are found among a hundred thousand within 20 ms, whatever the order of the query', async () => {
    const flows = Array.from({ length: 100_000 }, (_, i) =>
      entry(`http://shop.example/search?b=${i % 300}&a=${Math.floor(i / 300)}&q=x`, '', { number: i + 1 }),
    );
    const replay = new ServerReplay({ from: [flows], warn: () => {} });
    await replay.load();
    const times = Array.from({ length: 15 }, () => {
      const start = process.hrtime.bigint();
      const miss = replay.explain(requestOf('http://shop.example/search?q=y&a=7&b=2')) as Miss;
      assert.deepEqual(miss.nearest[0]?.differences, [{ facet: 'query.q', asked: 'y', recorded: 'x' }]);
      return Number(process.hrtime.bigint() - start) / 1e6;
    });
    const median = times.sort((a, b) => a - b)[7]!;
    // A machine that is busy with other tests is slower; what grows with the number of entries is slower by far.
    assert.ok(median < 60, `${median} ms`);
  }).timeout(30_000);

  it('are told without reading more than half a megabyte of recorded bodies', async () => {
    let read = 0;
    const large = Buffer.alloc(300_000, 'x');
    const flows = Array.from({ length: 10 }, (_, i) => {
      const body = Body.file({ length: large.length, read: () => ((read += 1), large) });
      return entry(requestOf(`POST http://h/?n=${i}`, {}, body), '');
    });
    const miss = await missOf(flows, requestOf('POST http://h/?n=x', {}, large));
    assert.ok(miss.nearest.length > 0);
    assert.ok(read <= 2, `${read} bodies were read`);
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
