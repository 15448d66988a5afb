import { basename, dirname, resolve } from 'node:path';
import type { Addon } from '../proxy';
import type * as CheckConfig from './check-config';
import type { ReplayConfig } from './define-config';
import { findConfig } from './find-config';
import { AddonLoader } from './load-addons';
import { loadDefault } from './load-default';
import type { ModuleLoader } from './module-loader';
import { plainConfig } from './plain-config';
import { mapUpstreamFiles } from './upstream-files';
import { displayPath } from './source-position';

/** Where a run's settings come from. */
export interface ConfigSources {
  /** What the command line says, in the config's own words, unchecked. Its addons come after the file's. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** How a message names the flag for a setting. */
  readonly nameFlag: CheckConfig.NameSetting;
  /** The config that the user named; undefined: the nearest one is taken; false: none. */
  readonly file: string | false | undefined;
  readonly loader: ModuleLoader;
  readonly cwd: string;
  /** The user's home folder, where the search for a config ends. */
  readonly home: string;
  /** The user's id; undefined where there is none. */
  readonly uid: number | undefined;
}

/** A config that was checked whole, its addons loaded, its paths relative to the working directory or absolute. */
export interface Settings extends Omit<ReplayConfig, 'addons'> {
  addons: Addon[];
}

/** What a run goes by. */
export interface LoadedConfig {
  readonly config: Settings;
  /** The config file that was used. */
  readonly file: string | undefined;
}

/**
 * Puts the command line over the config file. A flag replaces the file's value of the same key, lists as a whole; only
 * addons are put behind the file's, so that one of the same name takes its seat.
 * @throws ConfigError when a file cannot be loaded, or a setting or an addon is not right
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { cwd, loader } = sources;
  const addonLoader = new AddonLoader(loader, cwd);
  const flags = checked(sources.flags, sources.nameFlag);
  const file = await fileOf(sources);
  if (file === undefined) return { config: { ...flags, addons: await addonLoader.load(flags.addons) }, file };

  const exported = await loadDefault(loader, file, cwd, 'defineConfig({…})');
  const shown = displayPath(file, cwd);
  const filed = checked(exported, (key) => (key === '' ? shown : `${shown}: ${key}`));
  const folder = dirname(file);
  const addons = [
    ...(await addonLoader.load(filed.addons, { folder, name: basename(file) })),
    ...(await addonLoader.load(flags.addons)),
  ];
  const settings = relocated(filed, (path) => displayPath(resolve(folder, path), cwd));
  return { config: { ...layered(settings, flags), addons }, file };
}

function checked(values: unknown, nameSetting: CheckConfig.NameSetting): ReplayConfig {
  const plain = plainConfig(values);
  if (plain) return plain;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- zod takes 50 ms to load: not before it is needed
  return (require('./check-config') as typeof CheckConfig).checkConfig(values, nameSetting);
}

async function fileOf({ file, cwd, home, uid }: ConfigSources): Promise<string | undefined> {
  if (file === false) return undefined;
  return file === undefined ? await findConfig(cwd, { home, uid }) : resolve(cwd, file);
}

/** The settings with their paths, which are relative to the file that they are from, put right by `move`. */
function relocated(config: ReplayConfig, move: (path: string) => string): ReplayConfig {
  const { replay, record, upstream, authority, report, ...rest } = config;
  const moved: ReplayConfig = rest;
  if (replay) moved.replay = replay.from ? { ...replay, from: replay.from.map(move) } : replay;
  if (record) moved.record = record.to ? { ...record, to: record.to.replace(/[^+].*/s, move) } : record;
  if (upstream) moved.upstream = mapUpstreamFiles(upstream, move);
  if (authority) moved.authority = move(authority);
  if (report) moved.report = move(report);
  return moved;
}

/** Two sets of settings as one, the second before the first, key by key also within a section. */
function layered(below: ReplayConfig, above: ReplayConfig): ReplayConfig {
  const sections = Object.entries(above).map(([name, value]: [string, unknown]) => {
    const under = below[name as keyof ReplayConfig];
    return [name, isSection(value) ? { ...(under as object | undefined), ...value } : value] as const;
  });
  return { ...below, ...Object.fromEntries(sections) };
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && !Array.isArray(value);
}
