import assert from 'node:assert/strict';
import { EgressError, type Flow } from 'replay-proxy';
import { count, hasLeft, noCounts } from '../../../addons/ledger/counts';

const add = (counts: ReturnType<typeof noCounts>, part: Partial<Flow>) =>
  count(counts, flow(part), part.outcome ?? 'failed');
const flow = (part: Partial<Flow>) => ({ notes: [], isMissed: false, ...part }) as unknown as Flow;

describe('counts', () => {
  it('add a flow to each that it belongs to', () => {
    const counts = noCounts();
    add(counts, { outcome: 'replayed', notes: ['refreshed'] });
    add(counts, { outcome: 'answered', isMissed: true, notes: ['refreshed'] } as Partial<Flow>);
    add(counts, { outcome: 'forwarded', notes: ['recorded'], contactedAt: 1 });
    add(counts, { outcome: 'failed', contactedAt: 1 });
    add(counts, { outcome: 'failed', error: new EgressError('Mine', 'GET http://h/') });
    for (const outcome of ['killed', 'failed', 'aborted'] as const) add(counts, { outcome });
    assert.deepEqual(counts, {
      answered: 2,
      replayed: 1,
      refreshed: 1,
      forwarded: 2,
      recorded: 1,
      killed: 1,
      failed: 3,
      aborted: 1,
      refused: 1,
      missed: 1,
    });
  });

  it('count as having left what was sent, whatever came of it', () => {
    assert.deepEqual(
      [
        { outcome: 'forwarded', contactedAt: 1 },
        { outcome: 'aborted', contactedAt: 1 },
        { outcome: 'killed' },
      ].map((part) => hasLeft(flow(part as Partial<Flow>))),
      [true, true, false],
    );
  });
});
