import { join } from 'node:path';

/** The checkout that is measured. */
export const ROOT = join(__dirname, '..');

/** Its command line, as built. */
export const REPLAY = join(ROOT, 'dist', 'src', 'cli', 'main.js');
