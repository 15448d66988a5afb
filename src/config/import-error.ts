import { ConfigError } from '../errors';
import { isPath } from './resolve-typescript';
import { importPosition } from './source-position';

/**
 * What Node says of an import that it cannot resolve or evaluate, in one line that names the importing file (`shown`),
 * the line and the specifier. An error that the imported code threw, or met in its own imports, is returned as it is.
 */
export function importError(error: unknown, specifier: string, text: string, shown: string): unknown {
  const problem = problemOf((error ?? {}) as Partial<NodeJS.ErrnoException>, specifier);
  if (problem === undefined) return error;
  return new ConfigError(`${shown}${importPosition(text, specifier)}: ${problem}`, { cause: error });
}

function problemOf({ code, message }: Partial<NodeJS.ErrnoException>, specifier: string): string | undefined {
  switch (code) {
    case 'MODULE_NOT_FOUND':
      if (!message?.startsWith(`Cannot find module '${specifier}'`)) return undefined;
      return isPath(specifier)
        ? `cannot find '${specifier}', no such file`
        : `cannot find the package '${specifier}'; install it where this file can see it`;
    case 'ERR_PACKAGE_PATH_NOT_EXPORTED':
      return `'${specifier}' cannot be imported statically here; use await import('${specifier}') inside a function`;
    case 'ERR_REQUIRE_ASYNC_MODULE':
      return `'${specifier}' uses top-level await; use await import('${specifier}') inside a function`;
    default:
      return undefined;
  }
}
