import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cosmiconfig } from 'cosmiconfig'; // late
import { ConfigError } from '../errors';
import { reasonToDistrust } from './ownership';
import { statIfThere } from './stat-if-there';

/** The names looked for in each folder; the first that is there counts. */
export const CONFIG_NAMES: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `replay.config.${extension}`,
);

/** Where cosmiconfig, when called, looks for settings of its own in the working directory; it runs those that are code. */
const META_NAMES = ['json', 'yaml', 'yml', 'js', 'ts', 'cjs', 'mjs'].map(
  (extension) => `.config/config.${extension}`,
);

/** Whose search it is. */
export interface FindConfigOptions {
  /** The user's home folder, the last one searched. */
  readonly home: string;
  /** The user's id (`process.getuid?.()`); undefined where there is none. */
  readonly uid: number | undefined;
}

/**
 * The path of the nearest `replay.config.*`, from a folder upwards. The search ends with the first folder that holds a
 * package.json or a `.git`, or is the home folder. Nothing is loaded; `replayrc` files and package.json keys are not read.
 *
 * @throws ConfigError when the file belongs to another user or can be written by everyone: found, it would run as code
 */
export async function findConfig(from: string, options: FindConfigOptions): Promise<string | undefined> {
  for (const name of META_NAMES) refuseForeign(resolve(name), options.uid);
  const explorer = cosmiconfig('replay', {
    searchStrategy: 'none',
    searchPlaces: [...CONFIG_NAMES],
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders: Object.fromEntries(
      ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'].map((extension) => [
        extension,
        (path: string) => path,
      ]),
    ),
  });
  for (const folder of searchedFolders(resolve(from), resolve(options.home))) {
    const found = await explorer.search(folder);
    if (found) {
      refuseForeign(found.filepath, options.uid);
      return found.filepath;
    }
  }
  return undefined;
}

function searchedFolders(from: string, home: string): string[] {
  const parent = dirname(from);
  const last =
    parent === from ||
    from === home ||
    existsSync(join(from, 'package.json')) ||
    existsSync(join(from, '.git'));
  return last ? [from] : [from, ...searchedFolders(parent, home)];
}

function refuseForeign(file: string, uid: number | undefined): void {
  const stats = statIfThere(file);
  const reason = stats && reasonToDistrust(stats, uid);
  if (reason) {
    throw new ConfigError(
      `${file}: ${reason}, so it is not loaded; make it yours (chown, chmod o-w) or remove it`,
      {
        code: 'ERR_CONFIG_OWNER',
      },
    );
  }
}
