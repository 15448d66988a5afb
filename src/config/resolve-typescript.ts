import { dirname, join, resolve } from 'node:path';
import { statIfThere } from './stat-if-there';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts'];
/** What an import names by its output, in TypeScript's fashion. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** Whether a file is for the TypeScript compiler. Declarations (`.d.ts`) hold no code, and are not. */
export function isTypeScript(file: string): boolean {
  return /\.(?:[mc]?ts|tsx)$/.test(file) && !/\.d\.[mc]?ts$/.test(file);
}

/** Whether a specifier is a path, not the name of a package. */
export function isPath(specifier: string): boolean {
  return /^(?:\.{1,2}(?:\/|$)|\/|[A-Za-z]:[\\/])/.test(specifier);
}

/**
 * The TypeScript file that a path imported by the file `from` means, or undefined when Node shall look:
 * `./x` → x.ts, `./x.js` → x.ts, `./x.ts` itself, `./dir` → dir/index.ts. As for the TypeScript compiler,
 * a source beside its own output wins.
 */
export function resolveTypeScript(specifier: string, from: string): string | undefined {
  const path = resolve(dirname(from), specifier);
  const folderOnly = /(?:^|\/)\.{0,2}$/.test(specifier);
  return candidates(path, folderOnly).find((file) => isTypeScript(file) && isFile(file));
}

function candidates(path: string, folderOnly: boolean): string[] {
  const inside = EXTENSIONS.map((extension) => join(path, `index${extension}`));
  if (folderOnly) return inside;
  const output = /\.[mc]?jsx?$/.exec(path)?.[0] ?? '';
  const stem = path.slice(0, path.length - output.length);
  return [
    path,
    ...(SOURCES[output] ?? []).map((extension) => stem + extension),
    ...EXTENSIONS.map((extension) => path + extension),
    ...inside,
  ];
}

function isFile(path: string): boolean {
  return statIfThere(path)?.isFile() ?? false;
}
