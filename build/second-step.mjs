// The second step of the build, after the compiler: makes starts faster.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fullNames, lateRequires } from './late-requires.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
for (const name of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'))) {
  const file = join(dist, name);
  const before = readFileSync(file, 'utf8');
  const text = fullNames(lateRequires(before), dirname(file), dist);
  // Run anew, the compiler leaves what has not changed.
  if (text !== before) writeFileSync(file, text);
}
