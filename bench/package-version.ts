import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of a package that is installed here. */
export function packageVersion(name: string): string {
  const manifest = readFileSync(join(__dirname, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
