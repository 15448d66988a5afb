import { FORWARDING } from '../contenders/forwarding';
import { THROUGHPUT, underLoad } from '../throughput';
import type { Work } from '../work';

const [OURS, RECORDING] = ['replay-proxy', 'replay-proxy, recording'];
const BARE = 'node:http and undici';
const figure = 'throughput';

/** Forwarding to an origin on this machine, with and without recording. */
export const forward: Work = {
  name: 'forward',
  title: 'forward over HTTP/1.1, recording off and on',
  conditions: {
    load: 'autocannon, 10 connections; an origin on node:http for each',
    body: '700 B of JSON',
    tls: 'none',
    keepAlive: 'kept alive on both sides',
  },
  figures: THROUGHPUT,
  entrants: FORWARDING.map((contender) =>
    underLoad(
      contender,
      { entries: 1000, size: 700, scheme: 'http' },
      { connections: 10, speaks: 'absolute form' },
    ),
  ),
  comparisons: [
    { of: OURS, to: BARE, figure, atLeast: 0.85 },
    { of: RECORDING, to: BARE, figure, atLeast: 0.6 },
    { of: OURS, to: 'http-mitm-proxy', figure, atLeast: 1.3 },
    { of: OURS, to: 'mitmdump', figure, atLeast: 8 },
    { of: RECORDING, to: 'mitmdump, recording', figure },
    { of: OURS, to: BARE, figure: 'processor time' },
  ],
};
