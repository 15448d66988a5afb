import type { Work } from '../work';
import { load } from './load';
import { match } from './match';
import { miss } from './miss';
import { largeBodies, small, tunnels } from './replay';
import { start } from './start';

/** All that is measured, in the order of the table. */
export const WORKS: readonly Work[] = [...small, start, load, match, miss, largeBodies, ...tunnels];
