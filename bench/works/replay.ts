import { CONTENDERS } from '../contenders';
import { THROUGHPUT, underLoad } from '../throughput';
import type { Work } from '../work';

const CONNECTIONS = 10;

/** Replay over HTTP/1.1 connections that stay open, from a recording of `entries` with bodies of `size` bytes. */
function replay(name: string, title: string, entries: number, size: number, goals: Goals): Work {
  const of = 'replay-proxy';
  const figure = 'throughput';
  return {
    name,
    title,
    conditions: {
      load: `autocannon, ${CONNECTIONS} connections`,
      body: `${size.toLocaleString('en-US')} B of JSON`,
      tls: 'none',
      keepAlive: 'kept alive',
    },
    figures: THROUGHPUT,
    entrants: CONTENDERS.map((contender) =>
      underLoad(contender, { entries, size }, { connections: CONNECTIONS }),
    ),
    comparisons: [
      ...CONTENDERS.filter(({ name }) => name !== of).map(({ name: to }) => ({
        of,
        to,
        figure,
        ...goals[to],
      })),
      { of, to: 'node:http', figure: 'processor time' },
    ],
  };
}

/** By the contender to compare with. */
type Goals = Readonly<Record<string, { atLeast: number }>>;

const SMALL: Goals = {
  'node:http': { atLeast: 0.85 },
  'http-mitm-proxy': { atLeast: 1 },
  mitmdump: { atLeast: 30 },
};

export const works: readonly Work[] = [
  replay('replay-1', 'replay over HTTP/1.1, 1 entry', 1, 700, SMALL),
  replay('replay-1000', 'replay over HTTP/1.1, 1,000 entries', 1000, 700, SMALL),
];

export const largeBodies: Work = replay('large-bodies', 'replay of 1 MiB bodies', 10, 2 ** 20, {
  'node:http': { atLeast: 0.8 },
});
