import { plainReplay } from '../contenders/replay-proxy';
import { THROUGHPUT, underLoad } from '../throughput';
import type { Work } from '../work';

const [FEW, MANY] = ['replay-proxy, 100 entries', 'replay-proxy, 100,000 entries'];
const ONE = { connections: 1, speaks: 'absolute form' } as const;

/** What a thousand times as many entries cost each request. */
export const match: Work = {
  name: 'match',
  title: 'answers one after the other, from 100 and from 100,000 entries',
  conditions: {
    load: 'autocannon, 1 connection, at most 1,000 entries asked for, spread over all',
    body: '700 B of JSON',
    tls: 'none',
    keepAlive: 'kept alive',
  },
  figures: THROUGHPUT,
  entrants: [
    underLoad(plainReplay, { entries: 100, size: 700, scheme: 'http' }, ONE, FEW),
    underLoad(plainReplay, { entries: 100_000, size: 700, scheme: 'http' }, ONE, MANY),
  ],
  comparisons: [
    { of: FEW, to: MANY, figure: 'throughput', atMost: 1.3 },
    { of: MANY, to: FEW, figure: 'processor time' },
  ],
};
