import type { Contender } from '../contender';
import { CONTENDERS, TLS_CONTENDERS } from '../contenders';
import type { Shape } from '../recordings';
import { THROUGHPUT, underLoad, type Pressure } from '../throughput';
import type { Conditions, Work } from '../work';

/** What makes one replay differ from another. */
interface Replay {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  readonly pressure: Pressure;
  readonly conditions: Pick<Conditions, 'load' | 'tls'>;
  readonly contenders: readonly Contender[];
  /** By the name of the contender to compare with: what our throughput should be of its. */
  readonly goals: Readonly<Record<string, number>>;
}

function replay({ name, title, shape, pressure, conditions, contenders, goals }: Replay): Work {
  const of = 'replay-proxy';
  const [ceiling] = contenders;
  return {
    name,
    title,
    conditions: {
      ...conditions,
      body: `${shape.size.toLocaleString('en-US')} B of JSON`,
      keepAlive: 'kept alive',
    },
    figures: THROUGHPUT,
    entrants: contenders.map((contender) => underLoad(contender, shape, pressure)),
    comparisons: [
      ...contenders
        .filter(({ name: other }) => other !== of)
        .map(({ name: to }) => {
          const goal = goals[to];
          return { of, to, figure: 'throughput', ...(goal !== undefined && { atLeast: goal }) };
        }),
      { of, to: ceiling!.name, figure: 'processor time' },
    ],
  };
}

const PLAIN = {
  pressure: { connections: 10, speaks: 'absolute form' },
  conditions: { load: 'autocannon, 10 connections', tls: 'none' },
  contenders: CONTENDERS,
} as const;

const SMALL = { 'node:http': 0.85, 'http-mitm-proxy': 1, mitmdump: 30 };

/** Replay of small answers over HTTP/1.1. */
export const small: readonly Work[] = [1, 1000].map((entries) =>
  replay({
    ...PLAIN,
    name: `replay-${entries}`,
    title: `replay over HTTP/1.1, ${entries === 1 ? '1 entry' : '1,000 entries'}`,
    shape: { entries, size: 700, scheme: 'http' },
    goals: SMALL,
  }),
);

/** The same asked by wrk, which leaves more of the machine to the server; the goals are for autocannon. */
export const byWrk = replay({
  ...PLAIN,
  name: 'wrk-replay-1000',
  title: 'replay over HTTP/1.1, 1,000 entries, asked by wrk',
  shape: { entries: 1000, size: 700, scheme: 'http' },
  pressure: { ...PLAIN.pressure, by: 'wrk' },
  conditions: { load: 'wrk, 10 connections', tls: 'none' },
  goals: {},
});

/** Replay of answers that do not fit into one write. */
export const largeBodies = replay({
  ...PLAIN,
  name: 'large-bodies',
  title: 'replay of 1 MiB bodies',
  shape: { entries: 10, size: 2 ** 20, scheme: 'http' },
  goals: { 'node:http': 0.8 },
});

const TLS = { shape: { entries: 1000, size: 700, scheme: 'https' } } as const;

/** Replay inside CONNECT with TLS. */
export const tunnels: readonly Work[] = [
  replay({
    ...TLS,
    name: 'tls-http1',
    title: 'replay inside CONNECT with TLS, HTTP/1.1, 1,000 entries',
    pressure: { connections: 10, speaks: 'tunnel, HTTP/1.1' },
    conditions: { load: 'own generator on node:tls, 10 tunnels', tls: 'inside CONNECT' },
    contenders: TLS_CONTENDERS,
    goals: { 'node:http2 in CONNECT': 0.85, 'http-mitm-proxy': 1.8 },
  }),
  replay({
    ...TLS,
    name: 'tls-http2',
    title: 'replay inside CONNECT with TLS, HTTP/2, 1,000 entries',
    pressure: { connections: 2, speaks: 'tunnel, HTTP/2' },
    conditions: {
      load: 'own generator on node:http2, 2 tunnels, 10 streams at a time in each',
      tls: 'inside CONNECT',
    },
    // http-mitm-proxy speaks no HTTP/2.
    contenders: TLS_CONTENDERS.filter(({ name }) => name !== 'http-mitm-proxy'),
    goals: { 'node:http2 in CONNECT': 0.85 },
  }),
];
