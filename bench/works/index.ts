import type { Work } from '../work';
import { load } from './load';
import { match } from './match';
import { miss } from './miss';
import { largeBodies, works as replay } from './replay';
import { start } from './start';

/** All that is measured, in the order of the table. */
export const WORKS: readonly Work[] = [...replay, start, load, match, miss, largeBodies];
