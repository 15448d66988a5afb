import { resolve } from 'node:path';
import { ConfigError, ReplayError } from '../errors';
import { defaultExport } from './default-export';
import type { ModuleLoader } from './module-loader';
import { displayPath } from './source-position';

/**
 * What a file exports by default; `wanted` says in an error what it should have been.
 * @throws ConfigError when it cannot be loaded, throws while it is, or exports nothing by default
 */
export async function loadDefault(
  loader: ModuleLoader,
  path: string,
  cwd: string,
  wanted: string,
): Promise<unknown> {
  const shown = displayPath(resolve(cwd, path), cwd);
  let exports: unknown;
  try {
    exports = await loader.load(path);
  } catch (thrown) {
    if (thrown instanceof ReplayError) throw thrown;
    const [problem] = String(thrown).split('\n');
    throw new ConfigError(`${shown}: threw while it was loaded: ${problem}`, { cause: thrown });
  }
  const exported = defaultExport(exports);
  if (exported !== undefined) return exported;
  throw new ConfigError(`${shown} has no default export; write export default ${wanted}`);
}
