import type { Work } from '../work';
import { wrkVersion } from '../wrk';
import { forward } from './forward';
import { load, loadMany } from './load';
import { match } from './match';
import { miss } from './miss';
import { byWrk, largeBodies, small, tunnels } from './replay';
import { start } from './start';
import { tlsHosts } from './tls-hosts';

/** All that is measured, in the order of the table. */
export const WORKS: readonly Work[] = [
  ...small,
  ...(wrkVersion() === undefined ? [] : [byWrk]),
  start,
  load,
  loadMany,
  match,
  miss,
  largeBodies,
  ...tunnels,
  forward,
  tlsHosts,
];
