import { mitmdump } from '../contenders/mitmdump';
import { dumpReplay, plainReplay } from '../contenders/replay-proxy';
import { fromStart, START } from '../from-start';
import type { Work } from '../work';

const SHAPE = { entries: 20_000, size: 950, scheme: 'http' } as const;
const HAR = 'replay-proxy, HAR';
const DUMP = dumpReplay.name;

/** Reading a large recording. */
export const load: Work = {
  name: 'load-20000',
  title: 'start with a recording of 20,000 entries, to the first replayed answer',
  conditions: {
    load: 'one request for the last entry, tried until it is answered',
    body: '950 B of JSON in each entry: 59 MB of dump',
    tls: 'none',
    keepAlive: 'one',
  },
  figures: START,
  entrants: [fromStart(dumpReplay, SHAPE), fromStart(plainReplay, SHAPE, HAR), fromStart(mitmdump, SHAPE)],
  comparisons: [
    { of: DUMP, to: 'mitmdump', figure: 'start to first answer', atMost: 0.1 },
    { of: DUMP, to: 'mitmdump', figure: 'peak memory', atMost: 0.6 },
    { of: HAR, to: DUMP, figure: 'start to first answer', atMost: 1 },
    { of: HAR, to: 'mitmdump', figure: 'peak memory', atMost: 0.6 },
  ],
};
