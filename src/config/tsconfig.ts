import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type * as TypeScript from 'typescript';

/** A tsconfig file as found: its path and text. */
export interface TsConfigFile {
  readonly path: string;
  readonly text: string;
}

/** The keys of a user's tsconfig that change what code does, as tsconfig spells them. */
export interface EmitOptions {
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly useDefineForClassFields?: boolean;
}

/**
 * The nearest tsconfig.json above a folder, then all that it extends: the inputs that a cached compilation depends on.
 * Read without the compiler, so that a cache hit never loads it; a file that is missing is left out.
 */
export function tsConfigFiles(folder: string): TsConfigFile[] {
  for (let dir = folder; ; dir = dirname(dir)) {
    const first = readIfThere(resolve(dir, 'tsconfig.json'));
    if (first) return withExtended(first, new Set());
    if (dirname(dir) === dir) return [];
  }
}

/** The options of the first of `files` (with all that it extends) which our CommonJS output respects. */
export function emitOptions(ts: typeof TypeScript, files: readonly TsConfigFile[]): EmitOptions {
  const [first] = files;
  if (!first) return {};
  const { config } = ts.parseConfigFileTextToJson(first.path, first.text) as { config?: object };
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(
    config ?? {},
    host,
    dirname(first.path),
    undefined,
    first.path,
  );
  const { experimentalDecorators, emitDecoratorMetadata, target } = options;
  const useDefineForClassFields =
    options.useDefineForClassFields ?? (target === undefined ? undefined : target >= ts.ScriptTarget.ES2022);
  return {
    ...(experimentalDecorators !== undefined && { experimentalDecorators }),
    ...(emitDecoratorMetadata !== undefined && { emitDecoratorMetadata }),
    ...(useDefineForClassFields !== undefined && { useDefineForClassFields }),
  };
}

function withExtended(file: TsConfigFile, seen: Set<string>): TsConfigFile[] {
  if (seen.has(file.path)) return [];
  seen.add(file.path);
  const bases = extendedBy(file.text).flatMap((specifier) => {
    const base = locate(specifier, file.path);
    return base ? withExtended(base, seen) : [];
  });
  return [file, ...bases];
}

/** Found by shape, not parsed: a name too many (in a comment, say) costs one more file in the key, nothing else. */
function extendedBy(text: string): string[] {
  const value = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text)?.[1] ?? '';
  return [...value.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
}

function locate(specifier: string, from: string): TsConfigFile | undefined {
  if (/^[./]/.test(specifier)) {
    const path = resolve(dirname(from), specifier);
    return readIfThere(path) ?? readIfThere(`${path}.json`);
  }
  const { resolve: find } = createRequire(from);
  for (const name of [specifier, `${specifier}.json`, `${specifier}/tsconfig.json`]) {
    try {
      return readIfThere(find(name));
    } catch {
      continue;
    }
  }
  return undefined;
}

function readIfThere(path: string): TsConfigFile | undefined {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch {
    return undefined;
  }
}
