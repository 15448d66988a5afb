import { homedir } from 'node:os';
import * as running from '../index';
import { userCacheFolder } from '../config/cache-folder';
import { type LoadedConfig, loadConfig } from '../config/load-config';
import { ModuleLoader } from '../config/module-loader';
import { nameFlag } from './config-of';

/**
 * The settings of a command: what its flags say over the config file, the one named or the nearest; over none if `file` is false.
 * @throws ConfigError when a file cannot be loaded, or a setting or an addon is not right
 */
export function settingsFor(
  flags: Readonly<Record<string, unknown>>,
  file: string | false | undefined,
): Promise<LoadedConfig> {
  const cwd = process.cwd();
  return loadConfig({
    flags,
    nameFlag,
    file,
    loader: new ModuleLoader({
      running,
      cacheFolder: userCacheFolder(process.env, process.platform, homedir()),
      cwd,
    }),
    cwd,
    home: homedir(),
    uid: process.getuid?.(),
  });
}
