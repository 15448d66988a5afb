import { mitmdump } from '../contenders/mitmdump';
import { dumpReplay, plainReplay } from '../contenders/replay-proxy';
import { fromStart, START } from '../from-start';
import type { Work } from '../work';

const OF_THEM = 'one request for the last entry, tried until it is answered';
const SHAPE = { entries: 20_000, size: 950, scheme: 'http' } as const;
const HAR = 'replay-proxy, HAR';
const DUMP = dumpReplay.name;

/** Reading a large recording. */
export const load: Work = {
  name: 'load-20000',
  title: 'start with a recording of 20,000 entries, to the first replayed answer',
  conditions: {
    load: OF_THEM,
    body: '950 B of JSON in each entry: 59 MB of dump',
    tls: 'none',
    keepAlive: 'one',
  },
  figures: START,
  entrants: [fromStart(dumpReplay, SHAPE), fromStart(plainReplay, SHAPE, HAR), fromStart(mitmdump, SHAPE)],
  comparisons: [
    { of: DUMP, to: 'mitmdump', figure: 'start to first answer', atMost: 0.1 },
    { of: DUMP, to: 'mitmdump', figure: 'processor time' },
    { of: DUMP, to: 'mitmdump', figure: 'peak memory', atMost: 0.6 },
    { of: HAR, to: DUMP, figure: 'start to first answer', atMost: 1 },
    { of: HAR, to: 'mitmdump', figure: 'peak memory', atMost: 0.6 },
  ],
};

const MANY = { ...SHAPE, entries: 100_000 };
const [FEW, DUMPS, HARS] = ['20,000, dump', '100,000, dump', '100,000, HAR'].map(
  (what) => `replay-proxy, ${what}`,
);

/** Whether five times as much takes five times as long, and stays on disk. */
export const loadMany: Work = {
  name: 'load-100000',
  title: 'start with a recording of 100,000 entries, to the first replayed answer',
  conditions: {
    load: OF_THEM,
    body: '950 B of JSON in each entry: 300 MB of dump',
    tls: 'none',
    keepAlive: 'one',
  },
  figures: START,
  entrants: [
    fromStart(dumpReplay, SHAPE, FEW),
    fromStart(dumpReplay, MANY, DUMPS),
    fromStart(plainReplay, MANY, HARS),
  ],
  comparisons: [
    { of: DUMPS!, to: FEW!, figure: 'start to first answer', atMost: 5.5 },
    { of: DUMPS!, figure: 'peak memory', atMost: 300 },
    { of: DUMPS!, to: FEW!, figure: 'processor time' },
    { of: HARS!, figure: 'peak memory', atMost: 300 },
  ],
};
